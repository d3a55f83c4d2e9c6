import { NetworkError } from "./errors/network-error.js";

/** Loads the code of calls that few pages make. @throws NetworkError as {@link late} says. */
export const loadLater = /* @__PURE__ */ late(() => import("./later-code.js"));

/** Loads what a game with many agents needs. @throws NetworkError as {@link late} says. */
export const loadGame = /* @__PURE__ */ late(() => import("./game/late-code.js"));

/** Loads the agent pool. @throws NetworkError as {@link late} says. */
export const loadPool = /* @__PURE__ */ late(() => import("./game/pool/start-pool.js"));

/** Loads what finds a session again. @throws NetworkError as {@link late} says. */
export const loadKept = /* @__PURE__ */ late(() => import("./resources/kept-session.js"));

/** Loads what measures a client. @throws NetworkError as {@link late} says. */
export const loadMetrics = /* @__PURE__ */ late(() => import("./metrics/start-metrics.js"));

/**
 * Gets hold of code that is a chunk of its own, loaded once. Where it cannot be loaded that is a NetworkError `not_loaded`, before
 * anything was sent; called again, it is tried again.
 */
function late<T>(load: () => Promise<T>): () => Promise<T> {
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
