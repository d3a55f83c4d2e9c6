import { missingGlobal } from "../../errors/missing-global.js";
import type { TaskOutput } from "./task-output.js";

/**
 * A task's output as a stream of its bytes: so many were read, so far has the offset come. Nothing is read from the server before
 * somebody reads here, so a slow reader holds the server back rather than filling memory.
 *
 * @param output the pieces
 * @param stop ends the reading of a piece that may never come
 * @param ended is told when nothing is read any more
 */
export function outputStream(
  output: TaskOutput,
  stop: () => void,
  ended: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (typeof ReadableStream === "undefined") throw missingGlobal("outputStream", "ReadableStream");
  return new ReadableStream(
    {
      async pull(controller) {
        let isOver = true;
        try {
          const { done, value } = await output.next();
          isOver = done === true;
          if (done === true) controller.close();
          else controller.enqueue(new TextEncoder().encode(value.text));
        } finally {
          if (isOver) ended();
        }
      },
      async cancel() {
        stop();
        ended();
        // Ends with the error of its cancellation, which whoever cancelled need not hear.
        await output.next().catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
