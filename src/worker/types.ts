import type {
  Agent,
  ChangedFile,
  Position,
  QuestionAbout,
  QuestionKind,
  QuestionOption,
  Task,
  Usage,
} from "../contract/index.js";
import type { WorkState } from "../contract/work-states.js";

export type { WorkState };

/**
 * Does the work on one task, wherever it runs: in the page or process of the embedded backend, or in a worker of its own. What it
 * resolves with is what the task came to; what it throws fails the task, a {@link WorkFailure} with its own code and message.
 *
 * @example
 * const work: Work = async (task, job) => {
 *   job.state("coding");
 *   job.progress(0.5, "Half of it");
 *   await job.wait(2_000);
 *   return { output: `Done: ${task.prompt}` };
 * };
 */
export type Work = (task: Task, job: WorkJob) => WorkOutcome | Promise<WorkOutcome>;

/** What a function gives when it is done; most give nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- TypeScript takes a function without a return statement for nothing else
export type WorkOutcome = WorkResult | undefined | void;

/**
 * Takes in what a task has changed, or throws it away, when the player says which. Whoever reviews waits for it, up to a minute. It gives
 * the files that stand against it, and has changed nothing then; it gives none, or nothing, where it is done. What it throws says why
 * it could not be done, and the changes stay open. It may be asked again for what it has done already, where its answer was lost.
 *
 * @param task The task whose changes they are. A worker has it without its result.
 * @param message What was said of it.
 * @example
 * const review: WorkReview = (task, verdict) => (verdict === "accept" ? merge(task.id) : remove(task.id));
 */
export type WorkReview = (
  task: Task,
  verdict: "accept" | "discard",
  message: string | null,
) => WorkConflicts | Promise<WorkConflicts>;

/** The paths of files in conflict. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- TypeScript takes a function without a return statement for nothing else
export type WorkConflicts = readonly string[] | undefined | void;

/** Functions by the agent's type; `"*"` is for every type that is not named. */
export type WorkByType = Readonly<Record<string, Work>>;

/**
 * What a function has in hand while it works on a task. Reports are told at once, in their order. When the task is over, whoever ended it,
 * `signal` is aborted, reports do nothing and give false, and what waits is rejected with the reason of the signal.
 */
export interface WorkJob {
  /** The agent that is seen at work, as it was when the work began. */
  readonly agent: Agent;
  /** How often the work was begun, this time included: 1 unless a worker was lost, or the backend came back from a snapshot. */
  readonly attempt: number;
  /** Is aborted when the task is cancelled, takes too long or is lost in any other way, and when the backend or worker is closed. */
  readonly signal: AbortSignal;
  /** The agent is seen doing something else. */
  state(state: WorkState): boolean;
  /** The agent is somewhere else. */
  place(position: Position): boolean;
  /** How far the work has come, 0 to 1 (null: as far as before), and what it is at. */
  progress(share: number | null, message?: string): boolean;
  /** More output. Default stream: `"stdout"`, which is what the result's output is made of. */
  write(text: string, stream?: "stdout" | "stderr"): boolean;
  /** What a model has used for the task, from its beginning until now. */
  usage(usage: WorkUsage): boolean;
  /**
   * Asks the player, and waits for the answer. Where nobody answers in time, the answer has neither choice nor text.
   *
   * @param options.signal Withdraws the question: it is closed for the player too, and the answer says that the worker did it.
   * @throws TypeError when the question cannot be asked as it is, or another one of this task is open.
   */
  ask(question: WorkQuestion, options?: { readonly signal?: AbortSignal }): Promise<WorkAnswer>;
  /** Waits so many milliseconds on the clock of whoever runs the work: for the embedded backend its own clock. */
  wait(ms: number): Promise<void>;
  /** Shows a helper of the agent's, an agent with `parent_agent_id`; null where there may be no more of them. */
  child(name: string): WorkChild | null;
}

/** A helper that works for an agent. It goes when the task is over, if not before. */
export interface WorkChild {
  readonly name: string;
  /** It is seen doing something else. */
  state(state: WorkState): boolean;
  /** It has done its part and leaves. */
  gone(): boolean;
}

/** What is asked of the player. */
export interface WorkQuestion {
  /** Default: `"choice"` where there are options, `"text"` where there are none. */
  readonly kind?: QuestionKind;
  readonly text: string;
  /**
   * Ways to answer: each an id that is its own label, or id, label and perhaps a hint. None for a permission that is given elsewhere, and
   * only shown.
   */
  readonly options?: readonly (string | QuestionOption)[];
  /** What it is about, for a permission. */
  readonly about?: QuestionAbout;
  /** After how many seconds it closes without an answer. Default 300. */
  readonly seconds?: number;
}

/** What the player said, or that nobody did. */
export interface WorkAnswer {
  /** The id of the option that was chosen. */
  readonly choice?: string;
  readonly text?: string;
  /** Who closed the question; `"time"` when nobody answered, `"worker"` when it was withdrawn. */
  readonly by: "player" | "time" | "worker";
}

/** What a model has used. */
export type WorkUsage = Pick<Usage, "input_tokens" | "output_tokens"> & Partial<Usage>;

/** What was changed: what is left out is found out, sums from the files, files from the result's diff. */
export interface WorkChanges {
  /** Default `agentvm/<task_id>`. */
  readonly branch?: string;
  /** The branch that it goes into when it is accepted. Default `main`. */
  readonly base?: string;
  readonly commit?: string | null;
  readonly files?: readonly ChangedFile[];
}

/** What a task came to. All of it may be left out. */
export interface WorkResult {
  /** The rest of its output: it is written to stdout. */
  readonly output?: string;
  readonly changes?: WorkChanges;
  /** What was changed, as a unified diff. */
  readonly diff?: string;
  readonly usage?: WorkUsage;
}
