/** Who waits for a signal. */
interface Waiting {
  readonly stops: Set<() => void>;
  readonly tell: () => void;
}

const waiting = /* @__PURE__ */ new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `stop` when a signal is aborted, until what is returned is called. One listener serves all who wait for the same signal:
 * a game may well end all its calls by one, and Node takes more than ten listeners for a leak and says so.
 */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const { stops, tell } = waiting.get(signal) ?? listen(signal);
  stops.add(stop);
  return () => {
    if (!stops.delete(stop) || stops.size > 0) return;
    waiting.delete(signal);
    signal.removeEventListener("abort", tell);
  };
}

function listen(signal: AbortSignal): Waiting {
  const stops = new Set<() => void>();
  const tell = (): void => {
    for (const stop of [...stops]) stop();
  };
  const all = { stops, tell };
  waiting.set(signal, all);
  signal.addEventListener("abort", tell);
  return all;
}
