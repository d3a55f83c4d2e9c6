import { EngineError } from "../domain/index.js";

/**
 * Loads code that is a chunk of its own.
 *
 * @param what Whose code it is, for the error.
 * @throws EngineError `unavailable` when it cannot be loaded; whoever asks again tries again.
 */
export async function loadCode<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    throw new EngineError(
      "unavailable",
      `The code of ${what} could not be loaded (${String(thrown)}). Check that all files of the build are served.`,
    );
  }
}
