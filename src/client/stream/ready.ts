import type { Lifetime } from "../../lifetime.js";
import { assertLive, stopError, stoppable } from "../../lifetime.js";
import { streamStopped } from "./stream-errors.js";
import type { ConnectionChange, ConnectionState } from "./stream-events.js";

/** What is asked of a stream. */
interface Source {
  readonly state: ConnectionState;
  on(name: "connection", listener: (change: ConnectionChange) => void): () => void;
}

/**
 * Waits until a stream is live, or has stopped for good.
 *
 * @throws AuthenticationError, PermissionError or ContractError when it stopped for good, ClosedError when the lifetime is over, CancelledError
 * when `signal` was aborted.
 */
export async function untilLive(
  stream: Source,
  lifetime: Lifetime,
  signal: AbortSignal | undefined,
): Promise<void> {
  const what = "Waiting for the event stream";
  assertLive(lifetime, signal, what);
  const stopped = () => stopError(lifetime, what, "not_sent");
  const isOver = ({ status }: ConnectionState) => status === "live" || status === "stopped";
  if (!isOver(stream.state)) {
    await stoppable(lifetime, signal, stopped, (resolve: (value: null) => void) =>
      stream.on("connection", ({ current }) => {
        if (isOver(current)) resolve(null);
      }),
    );
  }
  if (stream.state.status === "stopped") throw streamStopped(stream.state);
}
