import type { IncomingHttpHeaders } from "node:http";
import type { Call } from "./call.js";

/** A call that came, as a test looks at it. No key is in it. */
export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it asks; null where it is no call of a protocol's. */
  readonly call: Call | null;
  /** The scenario that answers it; null where none does. */
  readonly scenario: string | null;
  /** How it was answered; null until then. */
  status: number | null;
}

/** Requests that are kept; past them the oldest is forgotten. */
const KEPT_MAX = 500;

/** Headers that carry keys, and whatever looks so. */
const SECRET = /authorization|key|token|cookie|secret/i;

/** The newest calls that came. */
export class KeptRequests {
  readonly #kept: ModelRequest[] = [];

  get all(): readonly ModelRequest[] {
    return this.#kept;
  }

  add(request: ModelRequest): ModelRequest {
    this.#kept.push(request);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    return request;
  }
}

/** Headers without what they prove. */
export function shownHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET.test(name) ? "[redacted]" : Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
