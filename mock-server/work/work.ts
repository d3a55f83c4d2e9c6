import type {
  Agent,
  AnsweredBy,
  Ask,
  Changes,
  Fault,
  Position,
  Task,
  Usage,
  WorkKind,
} from "../../src/contract/index.js";
import type { WorkState } from "../../src/contract/work-states.js";
import type { Checked } from "../../src/contract/schema.js";

/**
 * Who does the work on tasks. The life of a task is the domain's: who gets it, when it begins, how long it may take, what it came
 * to. The domain asks a worker to begin and wakes it when it wanted to be woken; the worker reports through the {@link Job}.
 */
export interface Work<K extends Kept = Kept> {
  /** Who will do a task, as the task is to tell: asked whenever it is given to an agent, or to nobody yet, and when it begins. */
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
   * The open question of a task was answered, or its time ran out; within the command that did it. It is not told of what it
   * withdrew itself, nor of a question that closed with its task.
   */
  answered?(job: Job<K>, answer: Answer): void;
  /**
   * Somebody accepts or discards what a task that is over has changed; within the command that does it. Gives the files that cannot be
   * taken in, and has changed nothing then. Where nobody is asked, there is nothing to be done.
   */
  readonly review?: (task: Task, verdict: "accept" | "discard", message: string | null) => readonly string[];
  /** Whether reviews of a task take time; they are carried out then, and nobody is asked by `review`. */
  readonly reviewsLater?: (task: Task) => boolean;
  /**
   * Carries such a review out, and tells in a later command what came of it; this is within the one that begins it. A review that was
   * under way in a snapshot is asked for once more.
   */
  readonly carryOut?: (
    task: Task,
    verdict: "accept" | "discard",
    message: string | null,
    ended: ReviewEnded,
  ) => void;
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
  readonly recall: (kept: unknown, wakes: boolean, task: Task) => Checked<K>;
  /** A task that was running in a snapshot goes on now; within a command of its own. Who goes on when woken need not be told. */
  resumed?(job: Job<K>): void;
}

/** What came of a review: the files in conflict, of which there are none where it is done, or why it could not be done. */
export type Reviewed = { readonly conflicts: readonly string[] } | { readonly error: string };

/** Ends a review, as a command of its own. False, and nothing happens, where the review is over. */
export type ReviewEnded = (outcome: Reviewed) => boolean;

/** Why the domain ended a task that an agent had. */
export type Stop = "cancelled" | "timeout";

/** What became of a question: an option, or words, or neither where nobody answered in time. */
export interface Answer {
  readonly question_id: string;
  readonly choice: string | null;
  readonly text: string | null;
  readonly by: AnsweredBy;
}

/** What work came to, beside whether it succeeded. */
export interface Outcome {
  /** The rest of its output: it is written to stdout. */
  readonly output?: string | undefined;
  /** What it has changed; of its files the first thousand are kept. */
  readonly changes?: Omit<Changes, "review"> | undefined;
  /** The same as a unified diff, for who looks at it. It is dropped where the game has no room for it. */
  readonly diff?: string | undefined;
  readonly usage?: Usage | undefined;
}

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
  start(state: WorkState): boolean;
  /** The work that was begun is begun once more, as the next attempt; the task's time runs on. */
  again(): boolean;
  /** The agent is seen doing something else; while it waits for an answer, once that is there. */
  state(state: WorkState): boolean;
  /** The agent is somewhere else. */
  place(position: Position): boolean;
  /** How far the work has come, 0 to 1 (null: as far as before), and what it is at. */
  progress(share: number | null, message: string): boolean;
  /** More output. */
  write(text: string, stream?: "stdout" | "stderr"): boolean;
  /**
   * Asks whoever plays. The agent waits until that is answered, withdrawn, or its time is over; the task's own time runs on meanwhile.
   *
   * @returns The id of the question; null where the report is not taken.
   * @throws EngineError `invalid_request` for a question that nobody could answer, or while another of the task is open.
   */
  ask(question: Ask): string | null;
  /** A question need not be answered any more. False too where it is not open. */
  withdraw(questionId: string): boolean;
  /** What has been used until now, in all. */
  usage(usage: Usage): boolean;
  /**
   * Another agent helps: it comes with the first report of it, is seen doing what the later ones say, and leaves when it is `"gone"` or the
   * task is over.
   *
   * @param child The worker's own name for it, one of this task alone.
   * @returns Its agent's id; null where the report is not taken, eight help already, or the game has no room.
   */
  child(child: string, seen: { readonly name?: string; readonly state: WorkState } | "gone"): string | null;
  /** Values to be kept, beside those under other names that are kept already. */
  keep(kept: Partial<K>): boolean;
  /** The worker is to be woken so many milliseconds from now, and not at the time it wanted before. */
  wake(afterMs: number): boolean;
  /**
   * The work is over: it succeeded, or failed with an error.
   *
   * @throws EngineError `invalid_request` for an outcome that is not as the contract says.
   */
  finish(error: Fault | null, outcome?: Outcome): boolean;
}
