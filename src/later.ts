import { NetworkError } from "./errors/network-error.js";

/** Loads the code of calls that few pages make. @throws as {@link loadCode} does. */
export function loadLater(): Promise<typeof import("./later-code.js")> {
  return loadCode(() => import("./later-code.js"));
}

/** Loads what a game with many agents needs. @throws as {@link loadCode} does. */
export function loadGame(): Promise<typeof import("./game/late-code.js")> {
  return loadCode(() => import("./game/late-code.js"));
}

/** Loads the agent pool. @throws as {@link loadCode} does. */
export function loadPool(): Promise<typeof import("./game/pool/start-pool.js")> {
  return loadCode(() => import("./game/pool/start-pool.js"));
}

/** Loads what measures a client. @throws as {@link loadCode} does. */
export function loadMetrics(): Promise<typeof import("./metrics/start-metrics.js")> {
  return loadCode(() => import("./metrics/start-metrics.js"));
}

/**
 * Loads code that is a chunk of its own.
 *
 * @throws NetworkError `not_loaded`, before anything was sent; called again, the call tries again.
 */
async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    throw new NetworkError(`The code of this call could not be loaded: ${String(thrown)}.`, {
      code: "not_loaded",
      outcome: "not_sent",
      retryable: true,
      remediation: "Check that all files of the page's build are served, then call again.",
    });
  }
}
