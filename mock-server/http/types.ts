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
  /** One header by its lower-case name. */
  header(name: string): string | undefined;
  /** Reads the body, at most once; called only where the route can have one. */
  body(): HttpBody | Promise<HttpBody>;
  /** Aborted when the caller goes away; ends a streamed answer. */
  readonly signal?: AbortSignal | undefined;
}

/** One answer. Header names are lower-case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Whole text, pieces of text as they come, or nothing. */
  readonly body: string | AsyncIterable<string> | null;
}

/** Answers a request; at once where it can, so that a call in the page needs no turn of the event loop. Never throws. */
export type HttpHandler = (call: HttpCall) => HttpAnswer | Promise<HttpAnswer>;

/** The texts that are written at build time and loaded when somebody asks for them. */
export interface Documents {
  /** The text of `/openapi.json`. */
  openapi(): Promise<string>;
  /** The text of `/asyncapi.json`. */
  asyncapi(): Promise<string>;
  /** The page at `/docs`, which needs no internet. */
  page(): Promise<string>;
}

/** The body of a request that has none. */
export const NO_BODY: HttpBody = { kind: "none" };
