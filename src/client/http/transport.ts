import type { Route } from "../../contract/index.js";

/** The web's `fetch`, or a function that behaves like it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** One request, as a transport sends it. */
export interface TransportRequest {
  readonly url: string;
  /** The call of the contract that it makes; `url` says the same. */
  readonly route: Route;
  /** What stands in the path. */
  readonly params: Readonly<Record<string, string>> | undefined;
  /** What stands behind the path; a value that is undefined does not. */
  readonly query: object | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ArrayBuffer | null;
  /** Ends the request, and the reading of a stream, at any moment. */
  readonly signal: AbortSignal;
  /** Whether the answer is wanted as a stream; it is read whole into `text` otherwise. */
  readonly stream: boolean;
  /** Whether it is to arrive even if the page goes away meanwhile. */
  readonly outlivesPage?: boolean | undefined;
}

/** The option of `fetch` for a request that is to outlive its page. Browsers allow such requests few bytes, so those with a body go without. */
export function lasting({ body, outlivesPage = false }: TransportRequest): { keepalive?: true } {
  return outlivesPage && body === null ? { keepalive: true } : {};
}

/** One HTTP answer, whatever its status. */
export interface TransportResponse {
  /** 0 stands for a redirect, whose status a page cannot see. */
  readonly status: number;
  header(name: string): string | null;
  /** The whole body; empty when it comes as a stream. */
  readonly text: string;
  /** The body as it comes; null unless it was asked for. */
  readonly stream: ReadableStream<Uint8Array> | null;
}

/**
 * Sends one request once. It follows no redirect: the credentials would go along to another server.
 * It rejects with a {@link TransportFailure} and with nothing else.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>;
}

/** No whole answer came. `sent` is `no` when it is sure that the server saw nothing of the request. */
export class TransportFailure extends Error {
  readonly sent: "no" | "maybe";

  /** @param reason what happened, with every secret taken out */
  constructor(sent: "no" | "maybe", reason: string) {
    super(reason);
    this.sent = sent;
  }
}

/** Bytes of one answer at the most unless a client is told otherwise (16 MiB), as they are when nothing is compressed any more. */
export const ANSWER_MAX_BYTES = 16_777_216;

/** More came than a client takes, and the rest was not read. */
export class TooLarge extends TransportFailure {
  /** @param what what is too large, and the bound: "the answer has more than 16777216 bytes" */
  constructor(what: string) {
    super("maybe", what);
  }
}
