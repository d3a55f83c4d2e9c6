import type { Answer } from "../calls/answer.js";

/** The body of a request as a host hands it over. A host that stops reading at the limit says `too_large`. */
export type HttpBody =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "too_large" };

/** One request, as plain as it can be: building web objects is most of what a call in the page would cost. */
export interface HttpCall {
  readonly method: string;
  /** Path and query, as in a request line. */
  readonly target: string;
  /** Scheme, host and port that the caller used: `http://localhost:8000`. */
  readonly origin: string;
  /** The address that it came from, where there is a network in between. */
  readonly remote?: string | undefined;
  /** One header by its lower-case name. */
  header(name: string): string | undefined;
  /**
   * Reads the body, at most once; called only where the route can have one. `maxBytes` is 1 MiB unless a host's own pages take
   * more, and a host that has no pages of its own need not heed it.
   */
  body(maxBytes?: number): HttpBody | Promise<HttpBody>;
  /**
   * Comes back when it is the caller's turn, where many share one event loop. `owner` says whose call it is, null that it is anybody's;
   * `answerBytes` how much its answer may have, where that is much.
   */
  turn?(owner: string | null, answerBytes: number): void | Promise<void>;
  /** Told how many milliseconds the call's own work took. */
  took?(ms: number): void;
  /** Aborted when the caller goes away; ends a streamed answer. */
  readonly signal?: AbortSignal | undefined;
}

/** Answers a request; at once where it can, so that a call in the page needs no turn of the event loop. Never throws. */
export type HttpHandler = (call: HttpCall) => Answer | Promise<Answer>;

/** The body of a request that has none. */
export const NO_BODY: HttpBody = { kind: "none" };
