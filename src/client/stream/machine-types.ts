import type { Ack, Cursor, EventOf, Subscribe } from "../../contract/index.js";
import type { Incoming, IncomingEvent } from "./decode.js";
import type { AgentsSnapshot } from "./ports.js";
import type { GapEvent, GapReason, LogEvent, LossReason } from "./stream-events.js";

/** `retry` the next try, `deadline` the end of patience with what was asked for, `beat` the check for silence. */
export type TimerName = "retry" | "deadline" | "beat";

/** What is remembered whatever state the connection is in. It holds no credentials. */
export interface Memory {
  readonly subscribe: Subscribe;
  /** The last event that was told, or skipped and said so; null before the first welcome. */
  readonly cursor: Cursor | null;
  /** Counts connections: answers that belong to an older one are ignored. */
  readonly connection: number;
  /** Tries since the stream was last steady. */
  readonly attempt: number;
  /** The game has to be connected again before the next try. */
  readonly needsGame: boolean;
  /** The next try has to get fresh credentials. */
  readonly needsFresh: boolean;
  /** Fresh credentials were got since the stream was last steady: a second refusal is final. */
  readonly triedFresh: boolean;
  /** Resumes in a row that ran into frames which could not be read. */
  readonly strikes: number;
  /** Whether there is a way to connect the game again. */
  readonly canConnectGame: boolean;
}

/** What is known of a connection that was welcomed. */
interface Link {
  readonly connectionId: string;
  readonly heartbeatMs: number;
  /** When it was welcomed. */
  readonly since: number;
  /** When the server was last heard. */
  readonly heard: number;
  /** A frame that could not be read came since the last good event. */
  readonly garbled: boolean;
}

/** What waits for a snapshot: an event of the log, or the newest place of an agent. */
export type Held = IncomingEvent | { readonly type: "move"; readonly move: EventOf<"agent.moved"> };

/** What is known in one state alone. */
export type PhaseState =
  | { readonly phase: "idle" }
  | { readonly phase: "connecting"; readonly step: "game" | "credentials" | "socket"; readonly until: number }
  | { readonly phase: "authenticating"; readonly until: number }
  | ({ readonly phase: "live"; readonly recovered: boolean } & Link)
  | ({
      readonly phase: "recovering";
      readonly reason: GapReason;
      readonly from: Cursor;
      /** The epoch that the server welcomed into. */
      readonly epoch: string;
      readonly buffer: readonly Held[];
      /** More came than is held back: the stream is resumed from the snapshot instead. */
      readonly overflowed: boolean;
      readonly snapshotAttempt: number;
    } & Link)
  | {
      readonly phase: "waiting";
      readonly retryAt: number;
      /** The server asked not to come back before. */
      readonly notBefore: number;
      readonly reason: LossReason;
      readonly closeCode: number | null;
    }
  | { readonly phase: "stopped"; readonly reason: LossReason; readonly closeCode: number | null }
  | { readonly phase: "closed" };

/** The whole state of the connection. It is never changed, only replaced. */
export type MachineState = Memory & PhaseState;

/** The state in one phase. */
export type In<P extends PhaseState["phase"]> = Memory & Extract<PhaseState, { readonly phase: P }>;

/** What happens to the connection. `connection` says which one it belongs to. */
export type Input =
  | { readonly type: "open"; readonly subscribe: Subscribe; readonly resume: Cursor | null }
  | { readonly type: "close" }
  | { readonly type: "wake" }
  | { readonly type: "timer"; readonly name: TimerName }
  | { readonly type: "game_connected" | "credentials_ready" | "socket_opened"; readonly connection: number }
  | {
      readonly type: "game_failed" | "credentials_failed";
      readonly connection: number;
      /** Whether another try cannot help. */
      readonly final: boolean;
    }
  | { readonly type: "socket_closed"; readonly connection: number; readonly code: number }
  | { readonly type: "message"; readonly connection: number; readonly incoming: Incoming }
  | { readonly type: "snapshot_ready"; readonly connection: number; readonly snapshot: AgentsSnapshot }
  | { readonly type: "snapshot_failed"; readonly connection: number };

/** When an input happens, and one random number from 0 up to 1 to decide by. */
export interface Moment {
  readonly now: number;
  readonly chance: number;
}

/** What is to be done to the world. */
export type Action =
  | { readonly type: "set_timer"; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: "cancel_timer"; readonly name: TimerName }
  | { readonly type: "connect_game"; readonly connection: number }
  | { readonly type: "get_credentials"; readonly connection: number; readonly fresh: boolean }
  | { readonly type: "open_socket"; readonly connection: number }
  | { readonly type: "send_hello"; readonly resume: Cursor | null; readonly subscribe: Subscribe }
  | { readonly type: "send_pong"; readonly t: number }
  | { readonly type: "take_snapshot"; readonly connection: number; readonly gameId: string }
  /** Closes the socket and lets everything go that was asked for on its behalf; `dead` when the peer is. */
  | { readonly type: "drop"; readonly dead: boolean };

/** What is to be told. */
export type Tell =
  | { readonly type: "connection" }
  | { readonly type: "event"; readonly event: LogEvent }
  | { readonly type: "gap"; readonly gap: GapEvent }
  | { readonly type: "ack"; readonly ack: Ack }
  | { readonly type: "problem"; readonly problem: string };

export type Effect = Action | Tell;

/** The answer of the machine: actions first, then what is to be told, in order. */
export interface Step {
  readonly state: MachineState;
  readonly effects: readonly Effect[];
}
