import type { Refusal } from "./errors.js";
import type {
  Agent,
  AgentType,
  Limits,
  Position,
  SystemStatus,
  Task,
  ToldTaskStatus,
} from "../../src/contract/index.js";

/** What a caller may see: everything, or one game alone. Another game's things are answered as not found. */
export type Scope = { readonly kind: "all" } | { readonly kind: "game"; readonly game_id: string };

/** One page of a list, oldest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What to give as `cursor` for the page after this one; null when this is the last. */
  readonly next_cursor: string | null;
}

/** A game's session. It holds no token: tokens are the business of whoever issues them. */
export interface Session {
  readonly session_id: string;
  readonly game_id: string;
  readonly expires_at: string;
}

/** What came of many moves: the agents that were moved, those that a newer move had moved before, and those that could not be. */
export interface MovesOutcome {
  readonly applied: string[];
  readonly outdated: { readonly agent_id: string; readonly position: Position }[];
  readonly failed: (Refusal & { readonly agent_id: string })[];
}

/** What came of a move. */
export interface MoveOutcome {
  readonly agent_id: string;
  /** Where the agent is now. */
  readonly position: Position;
  /** False when the move was older than one of the same client that was applied before. */
  readonly applied: boolean;
}

/** What came of asking for a team: one task a member, in the order of the members. */
export interface TeamOutcome {
  readonly team_id: string;
  readonly tasks: readonly Task[];
}

/** What is known of a key: nothing, an answer to give again, or that it was used for another request. */
export type AnswerFinding =
  | { readonly kind: "new" }
  | { readonly kind: "replay"; readonly answer: unknown }
  | { readonly kind: "conflict" };

export type OutputStream = "stdout" | "stderr";

/** A piece of a task's output; `offset` is in bytes of UTF-8 from the beginning. */
export interface OutputLine {
  readonly offset: number;
  readonly stream: OutputStream;
  readonly text: string;
}

/** What a task has written from an offset on. */
export interface OutputSlice {
  readonly lines: readonly OutputLine[];
  /** Where to go on reading. */
  readonly next_offset: number;
  /** How the task ended, once it has: nothing will be written any more. */
  readonly ended: ToldTaskStatus | null;
}

/** The numbers of the domain that `GET /system/status` tells. */
export type Counts = Pick<
  SystemStatus,
  | "total_agents"
  | "idle_agents"
  | "active_tasks"
  | "pending_tasks"
  | "completed_tasks"
  | "failed_tasks"
  | "cancelled_tasks"
  | "task_completion_rate"
  | "max_agents"
  | "auto_spawn"
  | "min_idle_agents"
  | "sessions"
  | "agents_by_state"
>;

export type { Agent, AgentType, Limits, Position, Task };
