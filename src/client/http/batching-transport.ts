import { isBatchable } from "./batchable.js";
import type { Batcher } from "./batcher.js";
import type { Transport } from "./transport.js";

/**
 * Lets calls of one tick share a request. The code that does so is loaded when two such calls come together for the first time;
 * until it is there each goes by itself.
 */
export function batchingTransport(
  transport: Transport,
  endpoint: string,
  load: () => Promise<{ readonly Batcher: typeof Batcher }>,
): Transport {
  let batcher: Batcher | null = null;
  let isLoading = false;
  let together = 0;

  const look = (): void => {
    if (together === 0) queueMicrotask(() => (together = 0));
    together += 1;
    if (together === 1 || isLoading) return;
    isLoading = true;
    load().then(
      (code) => (batcher = new code.Batcher(transport, endpoint)),
      () => (isLoading = false),
    );
  };

  return {
    send(request) {
      if (!isBatchable(request)) return transport.send(request);
      if (batcher !== null) return batcher.send(request);
      look();
      return transport.send(request);
    },
  };
}
