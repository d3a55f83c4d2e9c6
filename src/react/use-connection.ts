import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { ConnectionState } from "../client/stream/stream-events.js";
import { useDesk } from "./desk.js";

/** How the game is connected. */
export interface Connection {
  /** How the live event stream stands, as `agentvm.state` tells it; `idle` until the provider is mounted. */
  readonly state: ConnectionState;
  /** Why the provider could make or connect no client, most often an `AgentVMError`; null while it could. A lost stream is no error: it comes back. */
  readonly error: unknown;
  /** Makes and connects a client anew, after an error. Does nothing where the client was handed in. */
  readonly retry: () => void;
}

const IDLE: ConnectionState = { status: "idle" };
const idle = (): ConnectionState => IDLE;

/**
 * How the game is connected, for a sign that says so.
 *
 * @example
 * const { state, error, retry } = useConnection();
 * if (error !== null) return <button onClick={retry}>Try again</button>;
 * return <span>{state.status}</span>;
 */
export function useConnection(): Connection {
  const { client, error, retry } = useDesk();
  const subscribe = useCallback(
    (listener: () => void) =>
      client === null || client.state.status === "closed"
        ? () => undefined
        : client.on("connection", () => listener()),
    [client],
  );
  const state = useSyncExternalStore(subscribe, () => client?.state ?? IDLE, idle);
  return useMemo(() => ({ state, error, retry }), [state, error, retry]);
}
