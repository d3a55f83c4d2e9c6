import type { MovesSummary } from "./moves/moves-options.js";

/** What one client holds at the moment. Everything here has a limit, and is 0 again after `close()`. */
export interface ClientStats {
  /** Listeners of events, the client's own among them; at most 10000. */
  readonly listeners: number;
  /** Iterators over events that were not read to their end. */
  readonly iterators: number;
  /** Tasks that are followed by a handle. */
  readonly handles: number;
  /** Calls, waits and timers that are under way. */
  readonly pending: number;
  /** Sockets that are open: 1 while the event stream is. */
  readonly sockets: number;
  /** What waits for its turn. */
  readonly queues: {
    /** Events for the readers of iterators. */
    readonly events: number;
    /** Commands for their answers. */
    readonly commands: number;
    /** Agents for their newest position to go out. */
    readonly moves: number;
  };
  /** Bytes that were given to the socket and have not left it. */
  readonly unsentBytes: number;
  /** What became of the moves that nobody waited for. */
  readonly moves: MovesSummary;
}
