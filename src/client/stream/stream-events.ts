import type {
  Agent,
  AnyEvent,
  closeCodes,
  CloseCode,
  Cursor,
  EventOf,
  EventType,
} from "../../contract/index.js";
import type { AgentVMError } from "../../errors/index.js";

declare const unknownType: unique symbol;

/**
 * The name of an event that this version of the package does not know. It is a string; its type keeps it apart
 * from the known names, so that `event.type === "task.started"` tells the compiler what `event.data` is.
 */
export interface UnknownEventType {
  readonly [unknownType]: true;
  toString(): string;
}

/** An event that a newer server sent: delivered as it came, its data unchecked. */
export interface UnknownEvent {
  readonly type: UnknownEventType;
  readonly epoch: string;
  readonly seq: number;
  readonly timestamp: string;
  readonly game_id: string | null;
  readonly data: unknown;
}

/**
 * Why events could not be had: the server's buffer no longer reached back to where the client was, the
 * server's log began anew, it ended before the place where the client was, or an event could not be read.
 */
export type GapReason = "buffer_outrun" | "epoch_changed" | "cursor_ahead" | "unreadable";

/**
 * Events were lost for good. It comes exactly where they are missing: what was told before is from before `from`,
 * what comes after is from after `to`.
 */
export interface GapEvent {
  readonly type: "gap";
  readonly reason: GapReason;
  /** The last place that was held. */
  readonly from: Cursor;
  /** The place from which the stream goes on. */
  readonly to: Cursor;
  /** The game's agents as they were at `to`; null where the stream follows no one game. */
  readonly agents: readonly Agent[] | null;
}

/** An event of the log, of a type that this version knows or not. */
export type LogEvent = AnyEvent | UnknownEvent;

/** Everything that tells what happened, in its order: the events of the log, and the gaps in it. */
export type StreamEvent = LogEvent | GapEvent;

/** What ended a connection, or keeps the stream from coming back: a close code's own reason, or what the client saw. */
export type LossReason =
  | (typeof closeCodes)[CloseCode]["reason"]
  | "connection lost"
  | "no welcome in time"
  | "server silent"
  | "event missed"
  | "no credentials"
  | "game not connected"
  | "snapshot from another epoch"
  | "another protocol"
  | "not loaded";

/** How the stream stands. Times are in milliseconds of the client's clock. */
export type ConnectionState =
  | { readonly status: "idle" }
  /** Credentials are being got, or the socket opens. `attempt` counts tries since the stream was last steady. */
  | { readonly status: "connecting"; readonly attempt: number }
  /** The hello is sent; the welcome is awaited. */
  | { readonly status: "authenticating"; readonly attempt: number }
  /** Events come. `recovered` tells whether all that was missed while away follows. */
  | {
      readonly status: "live";
      readonly since: number;
      readonly connectionId: string;
      readonly recovered: boolean;
    }
  /** Events were lost: a snapshot is being taken, and what happens meanwhile is held back. */
  | { readonly status: "recovering"; readonly connectionId: string; readonly reason: GapReason }
  /** The connection was lost; the next try is at `retryAt`. */
  | {
      readonly status: "waiting";
      readonly attempt: number;
      readonly retryAt: number;
      readonly reason: LossReason;
      readonly closeCode: number | null;
    }
  /** The server, or the credentials, forbid to go on. `open` begins anew. */
  | { readonly status: "stopped"; readonly reason: LossReason; readonly closeCode: number | null }
  /** Closed by the user, for ever. */
  | { readonly status: "closed" };

/** A change of {@link ConnectionState}. */
export interface ConnectionChange {
  readonly current: ConnectionState;
  readonly previous: ConnectionState;
}

/** What can be listened to, and what a listener gets. */
export type StreamEventMap = { [T in EventType]: EventOf<T> } & {
  /** Every change of the connection. */
  connection: ConnectionChange;
  /** Events were lost for good. */
  gap: GapEvent;
  /** Something went wrong that the stream lives on with: an event that does not fit the contract, a listener that threw. */
  error: AgentVMError;
  /** Every event of the log, known or not, and every gap, in order. */
  "*": StreamEvent;
};

/** A name to listen to. */
export type StreamEventName = keyof StreamEventMap;
