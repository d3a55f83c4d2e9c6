import type { Clock, Cursor, Subscribe } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import { sleep, stopError } from "../../lifetime.js";
import type { Lifetime } from "../../lifetime.js";
import type { ConnectionState } from "./stream-events.js";

/** What is needed to tell a stream where to begin. */
export interface PlaceParts {
  readonly stream: {
    readonly state: ConnectionState;
    readonly cursor: Cursor | null;
    readonly subscription: Subscribe;
    open(subscribe: Subscribe, options: { readonly resume: Cursor }): void;
    rest(): void;
  };
  readonly subscribe: Subscribe;
  /** Where the log of a game is now. */
  readonly place: (gameId: string) => Promise<Cursor>;
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds after which a place that cannot be had is given up. */
  readonly totalTimeoutMs: number;
}

/** Milliseconds between asking for the place and asking again. */
const ASK_AGAIN_MS = 1_000;

/**
 * Finds out where a stream that could not be opened yet has to begin, and has it begin there, so that nothing is lost
 * until it can be opened.
 *
 * @throws What kept the place from being known; the stream rests then.
 */
export async function placeStream(parts: PlaceParts, gameId: string): Promise<void> {
  const { stream, subscribe, place, clock, lifetime, signal, totalTimeoutMs } = parts;
  const deadline = clock.now() + totalTimeoutMs;
  const stopped = () => stopError(lifetime, "Opening the event stream", "unknown");
  const isPlaced = () => stream.cursor !== null || stream.subscription !== subscribe;
  while (!isPlaced() && stream.state.status !== "stopped") {
    try {
      const resume = await place(gameId);
      if (!isPlaced()) stream.open(subscribe, { resume });
      return;
    } catch (error) {
      if (!isAgentVMError(error) || !error.retryable || clock.now() >= deadline) {
        if (stream.subscription === subscribe) stream.rest();
        throw error;
      }
    }
    await sleep(clock, ASK_AGAIN_MS, lifetime, signal, stopped);
  }
}
