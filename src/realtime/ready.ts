import { streamClosed, streamStopped, waitCancelled } from "./stream-errors.js";
import type { ConnectionChange, ConnectionState } from "./stream-events.js";

/** What is asked of a stream. */
interface Source {
  readonly state: ConnectionState;
  on(name: "connection", listener: (change: ConnectionChange) => void): () => void;
}

/** Waits until a stream is live, or never will be. */
export async function untilLive(stream: Source, signal: AbortSignal | undefined): Promise<void> {
  if (settled(stream.state)) return;
  if (signal?.aborted === true) throw waitCancelled();
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      undo();
      signal?.removeEventListener("abort", abort);
    };
    const abort = () => {
      end();
      reject(waitCancelled());
    };
    const undo = stream.on("connection", ({ current }) => {
      try {
        if (!settled(current)) return;
        end();
        resolve();
      } catch (error) {
        end();
        reject(error instanceof Error ? error : streamClosed());
      }
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function settled(state: ConnectionState): boolean {
  if (state.status === "stopped") throw streamStopped(state);
  if (state.status === "closed") throw streamClosed();
  return state.status === "live";
}
