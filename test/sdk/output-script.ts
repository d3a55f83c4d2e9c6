import type { Act } from "./scripted-fetch.js";

/**
 * Answers with the text cut into pieces of `size` bytes: as far as `until`, at which it `breaks` as a connection does, or `stalls`, or ends.
 * `pulled` is told of each piece.
 */
export const streaming =
  (
    text: string,
    {
      size = 1_000,
      breaks = false,
      stalls = false,
      until = Infinity,
      pulled = (): unknown => undefined,
    } = {},
  ): Act =>
  (_request, signal) => {
    const bytes = new TextEncoder().encode(text).slice(0, until === Infinity ? undefined : until);
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener("abort", () => {
          try {
            controller.error(new DOMException("aborted", "AbortError"));
          } catch {
            // It has ended already.
          }
        });
      },
      pull(controller) {
        if (at < bytes.length) {
          pulled();
          controller.enqueue(bytes.slice(at, at + size));
          at += size;
        } else if (breaks) controller.error(new TypeError("terminated"));
        else if (!stalls) controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "application/x-ndjson" } });
  };
