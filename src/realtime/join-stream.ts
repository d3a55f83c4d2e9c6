import type { Cursor, Subscribe } from "../contract/index.js";
import { isCancelledError, isClosedError } from "../errors/index.js";
import { stopError, stoppable } from "../lifetime.js";
import type { Lifetime } from "../lifetime.js";
import type { EventStream } from "./event-stream.js";
import type { ConnectionState } from "./stream-events.js";

/** What joining a stream needs. */
export interface JoinParts {
  readonly stream: EventStream;
  readonly subscribe: Subscribe;
  /** Where the log of a game is now. */
  readonly place: (gameId: string) => Promise<Cursor>;
  readonly lifetime: Lifetime;
  readonly signal: AbortSignal | undefined;
}

const SETTLED: readonly ConnectionState["status"][] = ["live", "waiting", "stopped", "closed"];

/**
 * Opens the stream and waits until it is live, or its first try has failed. A stream that could not be opened yet is
 * told where to begin, so that nothing is lost from here on: not what happens until it can be opened either.
 */
export async function joinStream(parts: JoinParts): Promise<void> {
  const { stream, subscribe, place, lifetime, signal } = parts;
  const { game_id: gameId } = subscribe;
  // Another game begins where it is now, not where the last one was left.
  if (stream.subscription.game_id !== gameId) stream.rest();
  stream.open(subscribe);
  const stopped = () => stopError(lifetime, "Opening the event stream", "unknown");
  await stoppable<null>(lifetime, signal, stopped, (resolve) => {
    const undo = stream.on("connection", ({ current }) => {
      if (SETTLED.includes(current.status)) resolve(null);
    });
    return undo;
  });
  if (gameId === undefined || stream.cursor !== null || stream.state.status !== "waiting") return;
  try {
    const resume = await place(gameId);
    if (stream.cursor === null && stream.subscription === subscribe) stream.open(subscribe, { resume });
  } catch (error) {
    // A server that cannot say where it is has no stream to lose anything of.
    if (isCancelledError(error) || isClosedError(error)) throw error;
  }
}
