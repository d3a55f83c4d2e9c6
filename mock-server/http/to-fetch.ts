import { plainCall, requestCall, requestOf } from "./fetch-call.js";
import { TextResponse, passForResponse } from "./text-response.js";
import type { HttpAnswer, HttpCall, HttpHandler } from "./types.js";

/** How {@link toFetch} presents a handler. */
export interface ToFetchOptions {
  /** What relative addresses are relative to. Default `http://agentvm.localhost`. */
  readonly origin?: string;
}

/** A function that is called as the platform's `fetch` is. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

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
    signal.addEventListener("abort", abort);
    answer
      .then((ready) => {
        resolve(responseOf(ready, signal));
      }, reject)
      .finally(() => {
        signal.removeEventListener("abort", abort);
      });
  });
}

function responseOf({ status, headers, body }: HttpAnswer, signal: AbortSignal | undefined): Response {
  if (body === null || typeof body === "string") return new TextResponse(status, headers, body);
  return new Response(streamOf(body, signal), { status, headers });
}

/** Pieces of text as bytes, each made when the reader asks for it. */
function streamOf(
  pieces: AsyncIterable<string>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  let forget = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (signal === undefined) return;
        const abort = (): void => {
          controller.error(signal.reason);
          void iterator.return?.();
        };
        signal.addEventListener("abort", abort);
        forget = () => signal.removeEventListener("abort", abort);
      },
      async pull(controller) {
        try {
          const next: IteratorResult<string, unknown> = await iterator.next();
          if (signal?.aborted === true) return;
          if (next.done !== true) {
            controller.enqueue(encoder.encode(next.value));
            return;
          }
          forget();
          controller.close();
        } catch (error) {
          forget();
          throw error;
        }
      },
      async cancel() {
        forget();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Rejects as `fetch` does: with the signal's reason, which is an AbortError unless the caller chose another. */
async function rejectWith(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  throw new DOMException("The request was aborted.", "AbortError");
}
