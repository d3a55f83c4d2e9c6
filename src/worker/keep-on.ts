import type { Clock, Random } from "../contract/index.js";
import { fullJitter } from "../client/stream/backoff.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { aWhile } from "./bell.js";

/** How something is done again and again. */
export interface KeepOn {
  readonly clock: Clock;
  readonly random: Random;
  /** Ends it, with no word of what failed on the way. */
  readonly signal: AbortSignal;
  /** Told of each failure that it lives on with. */
  readonly failed: (message: string) => void;
}

/**
 * Does something again and again until it is ended; after a failure when the server has said so, or else after a while that grows.
 *
 * @throws AuthenticationError or PermissionError, when the key is not taken any more.
 */
export async function keepOn(
  once: () => Promise<void>,
  { clock, random, signal, failed }: KeepOn,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      await once();
      failures = 0;
    } catch (error) {
      if (isEnded(signal)) return;
      if (isAgentVMError(error) && (error.status === 401 || error.status === 403)) throw error;
      failed(error instanceof Error ? error.message : String(error));
      const after = isAgentVMError(error) ? error.retryAfterMs : null;
      await aWhile(clock, after ?? fullJitter((failures += 1), random()), signal);
    }
  }
}

/** The signal may have been aborted since it was looked at. */
function isEnded({ aborted }: AbortSignal): boolean {
  return aborted;
}
