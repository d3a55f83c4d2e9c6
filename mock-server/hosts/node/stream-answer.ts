import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** Responses that have begun and not ended: on their connections nothing else may be written. */
const open = new WeakSet<object>();

/** Whether a streamed answer is on its way on a socket. */
export function isStreaming(socket: object): boolean {
  return open.has(socket);
}

/**
 * Writes pieces of text as they come. The next is asked for when the caller has read enough of those before, so a slow
 * caller holds nothing in memory. A caller that goes away ends the pieces; pieces that break cut the connection.
 */
export async function pipeText(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  const { socket } = response;
  const iterator = pieces[Symbol.asyncIterator]();
  const stop = (): void => {
    void iterator.return?.();
  };
  response.once("close", stop);
  if (socket !== null) open.add(socket);
  try {
    response.flushHeaders();
    for (;;) {
      const step: IteratorResult<string, unknown> = await iterator.next();
      if (response.destroyed) break;
      if (step.done === true) {
        response.off("close", stop);
        response.end();
        break;
      }
      if (!response.write(step.value)) await drained(response);
    }
  } catch {
    // A clean end would say that this was all. What was written before goes out first.
    setImmediate(() => response.destroy());
  } finally {
    if (socket !== null) open.delete(socket);
  }
}

async function drained(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once("close", onClose);
  try {
    await once(response, "drain", { signal: gone.signal });
  } catch {
    // Closed while it was full: the loop sees that the response is destroyed.
  } finally {
    response.off("close", onClose);
  }
}
