import type { Clock, Cursor, Subscribe } from "../contract/index.js";
import { isAgentVMError } from "../errors/index.js";
import { sleep, stopError, stoppable } from "../lifetime.js";
import type { Lifetime } from "../lifetime.js";
import type { EventStream } from "./event-stream.js";
import type { ConnectionState } from "./stream-events.js";

/** What joining a stream needs. */
export interface JoinParts {
  readonly stream: EventStream;
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

const SETTLED: readonly ConnectionState["status"][] = ["live", "waiting", "stopped", "closed"];

/**
 * Opens the stream and waits until it is live, or its first try has failed. A stream that could not be opened yet is
 * told where to begin, so that nothing is lost from here on: not what happens until it can be opened either.
 *
 * @throws What kept the place from being known; the stream rests then.
 */
export async function joinStream(parts: JoinParts): Promise<void> {
  const { stream, subscribe, place, clock, lifetime, signal } = parts;
  const { game_id: gameId } = subscribe;
  const deadline = clock.now() + parts.totalTimeoutMs;
  const stopped = () => stopError(lifetime, "Opening the event stream", "unknown");
  // Another game begins where it is now, not where the last one was left.
  if (stream.subscription.game_id !== gameId) stream.rest();
  stream.open(subscribe);
  await stoppable<null>(lifetime, signal, stopped, (resolve) =>
    stream.on("connection", ({ current }) => {
      if (SETTLED.includes(current.status)) resolve(null);
    }),
  );
  const isPlaced = () => stream.cursor !== null || stream.subscription !== subscribe;
  while (gameId !== undefined && !isPlaced() && stream.state.status !== "stopped") {
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
