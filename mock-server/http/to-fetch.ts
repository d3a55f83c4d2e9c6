import { plainCall, requestCall, requestOf } from "./fetch-call.js";
import { TextResponse, passForResponse } from "./text-response.js";
import { onAbort } from "../../src/contract/on-abort.js";
import { abortReason } from "../calls/abort-reason.js";
import { bytesOf } from "../calls/byte-stream.js";
import type { Answer } from "../calls/answer.js";
import type { HttpCall, HttpHandler } from "./types.js";

/** How {@link toFetch} presents a handler. */
export interface ToFetchOptions {
  /** What relative addresses are relative to. Default `http://agentvm.localhost`. */
  readonly origin?: string;
}

/** A function that is called as the platform's `fetch` is. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Gives a handler the shape of `fetch`. It answers every http and https address, so that a program with another
 * endpoint needs no change. No `Request` is built when an address and plain options are given: that would be most of
 * what a call costs.
 */
export function toFetch(
  handler: HttpHandler,
  { origin = "http://agentvm.localhost" }: ToFetchOptions = {},
): Fetch {
  passForResponse();
  return (input, init) => {
    try {
      const plain = typeof input === "string" || input instanceof URL ? plainCall(input, init, origin) : null;
      return settle(handler, plain ?? requestCall(requestOf(input, init, origin)));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new TypeError(String(error)));
    }
  };
}

function settle(handler: HttpHandler, call: HttpCall): Promise<Response> {
  const { signal } = call;
  if (signal?.aborted === true) return rejectWith(signal);
  const answer = handler(call);
  if (!(answer instanceof Promise)) return Promise.resolve(responseOf(answer, signal));
  if (signal === undefined) return answer.then((ready) => responseOf(ready, undefined));
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      rejectWith(signal).catch(reject);
    };
    const forget = onAbort(signal, abort);
    answer
      .then((ready) => {
        resolve(responseOf(ready, signal));
      }, reject)
      .finally(forget);
  });
}

function responseOf({ status, headers, body }: Answer, signal: AbortSignal | undefined): Response {
  if (body === null || typeof body === "string") return new TextResponse(status, headers, body);
  return new Response(bytesOf(body, signal), { status, headers });
}

/** Rejects as `fetch` does: with the signal's reason, which is an AbortError unless the caller chose another. */
async function rejectWith(signal: AbortSignal): Promise<never> {
  throw abortReason(signal);
}
