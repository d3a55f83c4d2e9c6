import { readFile, stat } from "node:fs/promises";
import { parseRecording } from "../../testing/replay/recording.js";
import type { Recording } from "../../testing/replay/recording.js";

/** Bytes of a recording at the most. */
const RECORDING_MAX_BYTES = 268_435_456;

/**
 * Reads a recording from the file that `agentvm record` wrote.
 *
 * @throws TypeError for a file that is no recording, or one of another version, cut short or changed; the file system's own error
 * where it cannot be read.
 *
 * @example
 * const backend = createMockBackend({ replay: await loadRecording("test/recordings/jump.jsonl") });
 */
export async function loadRecording(path: string): Promise<Recording> {
  const { size } = await stat(path);
  if (size > RECORDING_MAX_BYTES) {
    throw new TypeError(`The recording ${path} has ${size} bytes; ${RECORDING_MAX_BYTES} are the most.`);
  }
  try {
    return parseRecording(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
