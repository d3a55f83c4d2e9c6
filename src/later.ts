import { NetworkError } from "./errors/index.js";

/**
 * Loads the code of a call that few pages make, which is a chunk of its own.
 *
 * @throws NetworkError `not_loaded`, before anything was sent; called again, the call tries again.
 */
export async function loadLater(): Promise<typeof import("./later-code.js")> {
  try {
    return await import("./later-code.js");
  } catch (thrown) {
    throw new NetworkError(`The code of this call could not be loaded: ${String(thrown)}.`, {
      code: "not_loaded",
      outcome: "not_sent",
      retryable: true,
      remediation: "Check that all files of the page's build are served, then call again.",
    });
  }
}
