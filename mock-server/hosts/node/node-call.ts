import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpBody, HttpCall } from "../../http/types.js";
import { remoteOf } from "./remote.js";
import { readRequestBody } from "./request-body.js";

/** Scheme and host of a target in absolute form, as a proxy gets it. */
const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/** A request of node:http as the HTTP core wants it. A class, so that a request makes no function of its own. */
export class NodeCall implements HttpCall {
  readonly method: string;
  readonly target: string;
  readonly origin: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the caller waits for "100 Continue" before it sends its body. */
  waitsToSend: boolean;
  readonly #proxies: number;
  #signal: AbortSignal | undefined;

  /** @param proxies How many reverse proxies stand before the server. */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    origin: string,
    waitsToSend: boolean,
    proxies: number,
  ) {
    this.method = request.method ?? "GET";
    this.target = targetOf(request.url ?? "/");
    this.origin = origin;
    this.request = request;
    this.response = response;
    this.waitsToSend = waitsToSend;
    this.#proxies = proxies;
  }

  get remote(): string {
    return remoteOf(this.request, this.#proxies);
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  body(maxBytes?: number): HttpBody | Promise<HttpBody> {
    const body = readRequestBody(this.request, maxBytes);
    if (this.waitsToSend && body instanceof Promise) {
      this.waitsToSend = false;
      this.response.writeContinue();
    }
    return body;
  }

  /** Made when it is asked for, since only streams need one. */
  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    const controller = new AbortController();
    this.#signal = controller.signal;
    const { response } = this;
    if (response.destroyed) controller.abort();
    else {
      response.once("close", () => {
        if (!response.writableFinished) controller.abort();
      });
    }
    return this.#signal;
  }
}

function targetOf(url: string): string {
  if (url.startsWith("/")) return url;
  const target = url.replace(ABSOLUTE, "");
  return target.startsWith("/") || url === "*" ? target : `/${target}`;
}
