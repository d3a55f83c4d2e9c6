import type { Clock } from "oligarchy-agentvm";
import { serverSent } from "../adapters/opencode/server-sent.js";

/** Milliseconds until a call is given up: a server that takes it and says nothing is as good as gone. */
const CALL_MS = 10_000;

/** A running server of opencode's that is watched. */
export interface OpencodeServer {
  readonly url: string;
  /** Its password; null where it has none. */
  readonly password: string | null;
  readonly username: string;
}

/** A server is there, and cannot be watched. */
export class Unwatchable extends Error {
  override readonly name = "Unwatchable";
}

/** Calls a running server of opencode's. */
export class OpencodeLink {
  readonly #server: OpencodeServer;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  /** @param signal Ends what is under way. */
  constructor(server: OpencodeServer, clock: Clock, signal: AbortSignal) {
    this.#server = server;
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Its events, from now on, until the connection ends.
   *
   * @throws Unwatchable where there is a server, and none of opencode's that lets one in.
   */
  async events(): Promise<AsyncIterable<unknown>> {
    return this.#within(async (signal) => {
      const response = await fetch(`${this.#server.url}/event`, { headers: this.#headers, signal });
      const { body, status } = response;
      const type = response.headers.get("content-type") ?? "nothing that is named";
      if (response.ok && body !== null && type.startsWith("text/event-stream")) return serverSent(body);
      await body?.cancel();
      if (status === 401)
        throw new Unwatchable(
          "it wants a password. Set OPENCODE_SERVER_PASSWORD to the one that it was started with.",
        );
      throw new Unwatchable(
        response.ok
          ? `it is no opencode serve, since it answers with ${type}.`
          : `it answers with ${status}.`,
      );
    });
  }

  /** What it tells at a path; null where it tells nothing there. */
  async get(path: string): Promise<unknown> {
    return this.#within(async (signal) => {
      const response = await fetch(this.#server.url + path, { headers: this.#headers, signal });
      const text = await response.text();
      try {
        const told: unknown = JSON.parse(text);
        return response.ok ? told : null;
      } catch {
        return null;
      }
    });
  }

  /** Tells it something, and gives the status of its answer. */
  async post(path: string, body: object): Promise<number> {
    return this.#within(async (signal) => {
      const told = { method: "POST", headers: this.#headers, body: JSON.stringify(body), signal };
      const response = await fetch(this.#server.url + path, told);
      await response.body?.cancel();
      return response.status;
    });
  }

  get #headers(): Record<string, string> {
    const { username, password } = this.#server;
    const json = { "content-type": "application/json" };
    if (password === null) return json;
    return { ...json, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  }

  /** Calls with a signal that is aborted where there is no answer in time; afterwards it is but the link's own. */
  async #within<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = this.#clock.setTimeout(() => late.abort(new Error("it does not answer.")), CALL_MS);
    try {
      return await call(AbortSignal.any([this.#signal, late.signal]));
    } finally {
      cancel();
    }
  }
}

/** What went wrong, in a sentence; what lies below a call that failed says more than that it failed. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  const said = cause instanceof Error && cause.message !== "" ? cause.message : message;
  return said.endsWith(".") ? said : `${said}.`;
}
