import { stopError, stoppable } from "../../lifetime.js";
import type { EventStream } from "./event-stream.js";
import type { PlaceParts } from "./stream-place.js";

/** What joining a stream needs. */
export interface JoinParts extends PlaceParts {
  readonly stream: EventStream;
}

/**
 * Opens the stream and waits until it is live, or its first try has failed. A stream that could not be opened yet is
 * told where to begin, so that nothing is lost from here on: not what happens until it can be opened either.
 *
 * @throws CancelledError when the stream is laid to rest meanwhile. What kept the place from being known; the stream rests then.
 */
export async function joinStream(parts: JoinParts): Promise<void> {
  const { stream, subscribe, lifetime, signal } = parts;
  const { game_id: gameId } = subscribe;
  const stopped = () => stopError(lifetime, "Opening the event stream", "unknown");
  // Another game begins where it is now, not where the last one was left.
  if (stream.subscription.game_id !== gameId) stream.rest();
  stream.open(subscribe);
  await stoppable<null>(lifetime, signal, stopped, (resolve, reject) =>
    stream.on("connection", ({ current: { status } }) => {
      if (status === "idle") reject(stopped());
      if (status === "live" || status === "waiting" || status === "stopped") resolve(null);
    }),
  );
  if (gameId !== undefined) await stream.core?.placeStream(parts, gameId);
}
