import { NetworkError } from "../errors/network-error.js";
import type { LazyParts } from "./parts.js";

/** The parts, each a chunk that is loaded once, when it is first wanted. @throws NetworkError as {@link lazily} says. */
export const lazyParts: LazyParts = /* @__PURE__ */ lazily({
  live: () => import("./live.js"),
  batching: () => import("./batching.js"),
  keptSession: () => import("./kept-session.js"),
  seldomCalls: () => import("./seldom-calls.js"),
  poolAndMetrics: () => import("./pool-and-metrics.js"),
});

function lazily({ live, batching, keptSession, seldomCalls, poolAndMetrics }: LazyParts): LazyParts {
  return {
    live: once(live),
    batching: once(batching),
    keptSession: once(keptSession),
    seldomCalls: once(seldomCalls),
    poolAndMetrics: once(poolAndMetrics),
  };
}

/**
 * Loads code once. Where it cannot be loaded that is a NetworkError `not_loaded`, before anything was sent; called again, it is tried
 * again.
 */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  const failed = (thrown: unknown): never => {
    loading = null;
    throw new NetworkError(`The code of this call could not be loaded: ${String(thrown)}.`, {
      code: "not_loaded",
      outcome: "not_sent",
      retryable: true,
      remediation: "Check that all files of the page's build are served, then call again.",
    });
  };
  return () => (loading ??= load().catch(failed));
}
