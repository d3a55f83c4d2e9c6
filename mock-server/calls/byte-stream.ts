import { onAbort } from "../../src/contract/on-abort.js";
import { abortReason } from "./abort-reason.js";

/** Pieces of text as bytes, each made when the reader asks for it. */
export function bytesOf(
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
          controller.error(abortReason(signal));
          void iterator.return?.();
        };
        forget = onAbort(signal, abort);
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
