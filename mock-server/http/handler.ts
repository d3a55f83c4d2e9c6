import type { RouteName } from "../../src/contract/index.js";
import { readBody } from "./body.js";
import type { Cors } from "./cors.js";
import { credentialsOf } from "./credentials.js";
import type { Desk, DeskCall } from "../calls/desk.js";
import { methodNotAllowed, routeNotFound } from "../calls/failures.js";
import { createMatcher } from "../calls/matcher.js";
import type { Match } from "../calls/matcher.js";
import { preflightHeaders } from "./preflight.js";
import { parseQuery, splitTarget } from "../calls/target.js";
import type { Answer } from "../calls/answer.js";
import type { Credentials } from "../calls/index.js";
import type { HttpCall, HttpHandler } from "./types.js";

/** What the handler stands on. */
export interface HttpParts {
  /** Does what was asked, once it is understood. */
  readonly desk: Desk;
  readonly cors: Cors;
}

/** Request ids that are taken over from the caller: visible ASCII that is harmless in logs and headers. */
const SANE_REQUEST_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** Bytes of the answers that may be long, more or less: so many are held until the caller has read them. */
const LONG_ANSWERS: Readonly<Partial<Record<RouteName, number>>> = {
  batch: 8_388_608,
  agentList: 4_194_304,
  taskList: 4_194_304,
  openapi: 262_144,
  asyncapi: 262_144,
  docs: 262_144,
};

/** Makes the handler that answers every call of the contract except the event stream, as HTTP wants it. */
export function createHttpHandler({ desk, cors }: HttpParts): HttpHandler {
  const match = createMatcher();
  return (call) => {
    const { path, query } = splitTarget(call.target);
    const found = match(call.method, path);
    const target = found.kind === "route" ? found : elsewhere(call, path, found, cors);
    const answer = desk.answer(new CallOverHttp(call, target, query));
    if (!(answer instanceof Promise)) return dress(answer, call, found, cors);
    return answer.then((ready) => dress(ready, call, found, cors));
  };
}

/** A call as the desk wants it. A class, so that a call makes no function of its own, and what is not asked for is not made. */
class CallOverHttp implements DeskCall {
  readonly found: DeskCall["found"];
  readonly requestId: string | undefined;
  readonly #call: HttpCall;
  readonly #query: string | undefined;

  constructor(call: HttpCall, found: DeskCall["found"], query: string | undefined) {
    const requestId = call.header("x-request-id");
    this.found = found;
    this.requestId = requestId !== undefined && SANE_REQUEST_ID.test(requestId) ? requestId : undefined;
    this.#call = call;
    this.#query = query;
  }

  get origin(): string {
    return this.#call.origin;
  }

  get idempotencyKey(): string | undefined {
    return this.#call.method === "POST" ? this.#call.header("idempotency-key") : undefined;
  }

  get signal(): AbortSignal | undefined {
    return this.#call.signal;
  }

  get headersOnly(): boolean {
    return this.#call.method === "HEAD";
  }

  remote(): string | undefined {
    return this.#call.remote;
  }

  credentials(): Credentials {
    return credentialsOf(this.#call);
  }

  turn(owner: string | null): void | Promise<void> {
    return this.#call.turn?.(owner, "name" in this.found ? (LONG_ANSWERS[this.found.name] ?? 0) : 0);
  }

  took(ms: number): void {
    this.#call.took?.(ms);
  }

  query(): Record<string, string> | undefined {
    return parseQuery(this.#query);
  }

  body(): string | null | Promise<string | null> {
    return readBody(this.#call);
  }
}

/** What is at an address or under a method that the contract does not have. */
function elsewhere(
  call: HttpCall,
  path: string,
  found: Exclude<Match, { kind: "route" }>,
  cors: Cors,
): DeskCall["found"] {
  const isOptions = call.method === "OPTIONS";
  return {
    open: isOptions,
    answer() {
      const granted = isOptions ? preflightHeaders(call, cors) : null;
      if (granted !== null) return { status: 200, headers: granted, body: null };
      if (found.kind === "none") throw routeNotFound(call.method, path);
      if (isOptions) return { status: 200, headers: { allow: found.allow }, body: null };
      throw methodNotAllowed(call.method, path, found.allow);
    },
  };
}

/** Adds what only HTTP has: whom a page's browser lets read the answer, and no body where the method has none. */
function dress(answer: Answer, call: HttpCall, found: Match, cors: Cors): Answer {
  const { status, headers, body } = answer;
  if (status === 405 && found.kind === "method") headers["allow"] = found.allow;
  const origin = call.header("origin");
  if (origin !== undefined && headers["access-control-allow-origin"] === undefined) {
    Object.assign(headers, cors.headersFor(origin));
  }
  if (call.method !== "HEAD") return answer;
  if (typeof body === "string") headers["content-length"] = String(new TextEncoder().encode(body).byteLength);
  return { status, headers, body: null };
}
