import type { AnyEvent } from "../../src/contract/index.js";
import type { Scope } from "./types.js";

/**
 * The events that happened, in order, and who wants to hear of new ones. All are numbered in one count, and each game keeps its own
 * newest; but for moves, of which only the newest of an agent matters: they are told as they happen, with the number of the event before
 * them, and are not kept here but in the agents.
 */
export interface EventLog {
  /** One life of the log. */
  readonly epoch: string;
  /** The newest event's number; 0 before the first. */
  readonly seq: number;
  /** Calls `listener` for every event from now on, after the command that caused it. Gives its own undo. */
  subscribe(listener: (event: AnyEvent) => void): () => void;
  /** Calls `listener` each time when all that a command caused has been told. Gives its own undo. */
  onTold(listener: () => void): () => void;
  /** The number from which on nothing of a scope is lost: what came after it, or after any later one, is kept. */
  floor(scope: Scope): number;
  /**
   * The events of a scope after `seq`, the first `most` of them (default all), or `"outrun"` when some are kept no more or
   * `seq` is not of this log.
   */
  after(scope: Scope, seq: number, most?: number): readonly AnyEvent[] | "outrun";
}

/** Who wants to hear of tasks' output. */
export interface Outputs {
  /** Calls `listener` when the task has written more, has ended or was forgotten. Gives its own undo. */
  subscribe(taskId: string, listener: () => void): () => void;
}
