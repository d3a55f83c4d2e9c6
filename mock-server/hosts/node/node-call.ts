import type { IncomingMessage, ServerResponse } from "node:http";
import { BODY_MAX_BYTES } from "../../../src/contract/limits.js";
import { EngineError } from "../../domain/index.js";
import type { HttpBody, HttpCall } from "../../http/types.js";
import { remoteOf } from "./remote.js";
import { declaredLength, readRequestBody } from "./request-body.js";
import type { Turn, Turns } from "./turns.js";
import { whenOver } from "./when-over.js";

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
  readonly #turns: Turns;
  #turn: Turn | null = null;
  #held = 0;
  #signal: AbortSignal | undefined;

  /**
   * @param proxies How many reverse proxies stand before the server.
   * @param turns Where its turn is.
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    origin: string,
    waitsToSend: boolean,
    proxies: number,
    turns: Turns,
  ) {
    this.method = request.method ?? "GET";
    this.target = targetOf(request.url ?? "/");
    this.origin = origin;
    this.request = request;
    this.response = response;
    this.waitsToSend = waitsToSend;
    this.#proxies = proxies;
    this.#turns = turns;
  }

  get remote(): string {
    return remoteOf(this.request, this.#proxies);
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  turn(owner: string | null, answerBytes: number): void | Promise<void> {
    if (owner === null && answerBytes === 0) {
      this.#turns.seen();
      return undefined;
    }
    const hasBody = this.method !== "GET" && this.method !== "HEAD";
    const bytes = answerBytes + (hasBody ? bodyBytes(this.request) : 0);
    const turn = this.#turns.begin(owner ?? this.#stranger(), bytes);
    return turn instanceof Promise
      ? turn.then((mine) => this.#begin(mine, bytes, answerBytes))
      : this.#begin(turn, bytes, answerBytes);
  }

  #begin(turn: Turn, bytes: number, answerBytes: number): void {
    this.#turn = turn;
    this.#held = answerBytes;
    if (bytes > 0) {
      whenOver(this, () => {
        const held = this.#held;
        this.#held = 0;
        this.#turns.release(turn.unit, bytes - answerBytes + held);
      });
    }
    if (!this.response.destroyed) return;
    this.took(0);
    throw new EngineError("malformed_json", "The request ended before its turn came.");
  }

  took(ms: number): void {
    if (this.#turn !== null) this.#turns.took(this.#turn, ms);
  }

  /** Counts an answer among what its caller has to read, and cuts the connection where it reads nothing for so long. */
  holds(bytes: number, unreadMs: number): void {
    this.request.socket.setTimeout(unreadMs);
    this.counts(bytes);
    const more = bytes - this.#held;
    if (more > 0) whenOver(this, this.#turns.hold(this.#turn?.unit ?? this.#stranger(), more));
  }

  /** Counts of an answer that might have been long what it has, so that the caller's next calls need not wait until it was read. */
  counts(bytes: number): void {
    const less = this.#held - bytes;
    if (less <= 0 || this.#turn === null) return;
    this.#held = bytes;
    this.#turns.release(this.#turn.unit, less);
  }

  /** Who calls, where nobody knows: an address, in words that are no name of a caller. */
  #stranger(): string {
    return `from ${this.remote}`;
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

/** What a body has at the most, of what is read of it. */
function bodyBytes(request: IncomingMessage): number {
  const length = declaredLength(request);
  if (length === Infinity) return BODY_MAX_BYTES;
  return length > BODY_MAX_BYTES ? 0 : length;
}

function targetOf(url: string): string {
  if (url.startsWith("/")) return url;
  const target = url.replace(ABSOLUTE, "");
  return target.startsWith("/") || url === "*" ? target : `/${target}`;
}
