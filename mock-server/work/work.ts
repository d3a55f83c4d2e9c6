import type { Agent, AgentState, Fault, Position, Task, WorkKind } from "../../src/contract/index.js";
import type { Checked } from "../../src/contract/schema.js";

/**
 * Who does the work on tasks. The life of a task is the domain's: who gets it, when it begins, how long it may take, what it came
 * to. The domain asks a worker to begin and wakes it when it wanted to be woken; the worker reports through the {@link Job}.
 */
export interface Work<K extends Kept = Kept> {
  /** Who will do a task, as the task is to tell: asked whenever it is given to an agent, or to nobody yet. */
  readonly kindOf: (task: Task, agent: Agent | null) => WorkKind;
  /**
   * An agent is free for a task. The work begins with `job.start`, now or at any later time; until then the task waits, and
   * the agent is free for others. This is within the command that brought it about, and so is what the job is told meanwhile: it must
   * not wait, and code of somebody else's is called later.
   */
  begin(job: Job<K>): void;
  /** The time has come for which `job.wake` asked; within a command of its own. */
  wake(job: Job<K>): void;
  /**
   * An agent's task was ended by somebody else than its worker, whether it had begun or not. The task is as it ended; what is reported
   * of it from now on is not taken. This is told after the command, so that anything may be called.
   */
  readonly stopped?: (task: Task, why: Stop) => void;
  /**
   * Reads what was kept for a running task, from a snapshot, or says what is wrong with it.
   *
   * @param kept What was kept; undefined where nothing was.
   * @param wakes Whether a waking is due for it.
   */
  readonly recall: (kept: unknown, wakes: boolean) => Checked<K>;
}

/** Why the domain ended a task that an agent had. */
export type Stop = "cancelled" | "timeout";

/**
 * What a worker remembers of a task from one call to the next: JSON, a few kB. It belongs to the state of the domain, which copies and
 * saves it and knows nothing of what it means. A worker is given nothing but what it kept itself, or has recalled.
 */
export type Kept = Readonly<Record<string, unknown>>;

/** Chance of a task's own. */
export interface Chance {
  /** A number from 0 up to, but without, 1. */
  next(): number;
}

/** What an agent is seen doing at work. */
export type WorkingState = Exclude<AgentState, "idle">;

/**
 * One task in the hands of its agent, as its worker has it. What is reported within a call from the domain is part of its command; at any
 * other time each report is a command of its own. A report gives false, and nothing happens, when the task is over, has not begun, or
 * is another agent's by now.
 */
export interface Job<K extends Kept = Kept> {
  /** The task and its agent as they are now; as they were last, once they are gone. */
  readonly task: Task;
  readonly agent: Agent;
  /** What was kept until now. */
  readonly kept: Partial<K>;
  /** The agent's own workspace in its scene, if there is one. */
  desk(): Position | null;
  /** Chance for this work alone, from its beginning each time: it is the same however often and whenever it is asked for. */
  chance(): Chance;

  /** The work begins, and the task's time runs from now on. False when the agent is busy with another, or the task has begun already. */
  start(state: WorkingState): boolean;
  /** The agent is seen doing something else. */
  state(state: WorkingState): boolean;
  /** The agent is somewhere else. */
  place(position: Position): boolean;
  /** How far the work has come, 0 to 1 (null: as far as before), and what it is at. */
  progress(share: number | null, message: string): boolean;
  /** More output. */
  write(text: string, stream?: "stdout" | "stderr"): boolean;
  /** Values to be kept, beside those under other names that are kept already. */
  keep(kept: Partial<K>): boolean;
  /** The worker is to be woken so many milliseconds from now, and not at the time it wanted before. */
  wake(afterMs: number): boolean;
  /** The work is over: it succeeded, or failed with an error. */
  finish(error: Fault | null): boolean;
}
