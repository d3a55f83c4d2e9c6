import { onAbort } from "../../contract/on-abort.js";
import { isTaskEnding } from "../../contract/tasks.js";
import type { AnswerOf, Changes, Clock, Question, Task, TaskResult } from "../../contract/index.js";
import { ContractError } from "../../errors/contract-error.js";
import { TimeoutError } from "../../errors/timeout-error.js";
import type { CallOptions } from "../http/options.js";
import type { TaskFeed } from "../stream/task-feed.js";
import type { TaskOutput } from "./task-output.js";
import type { QuestionAnswer } from "./task-work.js";

/** How far a task is. */
export type TaskProgress = Pick<Task, "agent_id" | "status" | "progress" | "message">;

/** How long to wait for a task; what is waited for goes on when the waiting ends. */
export type WaitOptions = Pick<CallOptions, "signal"> & {
  /** Milliseconds to wait at the most; without it the wait lasts as long as the task. */
  readonly timeoutMs?: number | undefined;
};

/** What a handle does its work with. */
export interface TaskHandleParts {
  readonly feed: TaskFeed;
  readonly clock: Clock;
  /** Where the calls are made. */
  readonly tasks: {
    cancel(taskId: string, reason?: string, options?: CallOptions): Promise<AnswerOf<"taskCancel">>;
    answer(taskId: string, answer: QuestionAnswer, options?: CallOptions): Promise<AnswerOf<"taskAnswer">>;
    diff(taskId: string, options?: CallOptions): Promise<string>;
    review(
      taskId: string,
      verdict: "accept" | "discard",
      message?: string,
      options?: CallOptions,
    ): Promise<Changes>;
    output(taskId: string, offset?: number, options?: CallOptions): TaskOutput;
    outputStream(
      taskId: string,
      offset?: number,
      options?: CallOptions,
    ): ReadableStream<Uint8Array<ArrayBuffer>>;
  };
}

/**
 * One task, to wait for, to watch and to cancel. It holds nothing open while nobody waits.
 *
 * @example
 * const task = await agentvm.tasks.assign({ prompt: "Fix the jump", task_type: "debugging" });
 * for await (const { progress, message } of task.progress()) console.log(progress, message);
 * const { success, output } = await task.result();
 */
export class TaskHandle {
  /** The task's id. */
  readonly id: string;
  readonly #parts: TaskHandleParts;
  #ended: Task | null = null;

  /** Made by `agentvm.tasks`. */
  constructor(id: string, parts: TaskHandleParts) {
    this.id = id;
    this.#parts = parts;
  }

  /**
   * Waits for the end and gives the result of any ending: `success` tells whether the task was completed.
   * Rejects only when the result cannot be learned: TimeoutError, CancelledError, ClosedError, NotFoundError, …
   */
  async result(options: WaitOptions = {}): Promise<TaskResult> {
    let last: Task | undefined;
    for await (const task of this.watch(options)) last = task;
    if (last?.result) return last.result;
    throw new ContractError(`Task ${this.id} is ${last?.status ?? "not known"} and has no result.`, {
      code: "contract_mismatch",
      outcome: "unknown",
      remediation: "Read the task with tasks.get().",
    });
  }

  /** Gives how far the task is, now and at each change, the latest where several came at once; ends with the task. */
  async *progress(options: WaitOptions = {}): AsyncGenerator<TaskProgress, void> {
    for await (const { agent_id, status, progress, message } of this.watch(options)) {
      yield { agent_id, status, progress, message };
    }
  }

  /** Gives the lines that the task writes, from the byte `offset` on, as they are written; goes on after a cut. */
  output(offset?: number, options?: CallOptions): TaskOutput {
    return this.#parts.tasks.output(this.id, offset, options);
  }

  /** The same as a web stream of bytes, from the byte `offset` on, which is read no faster than its reader reads. */
  outputStream(offset?: number, options?: CallOptions): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#parts.tasks.outputStream(this.id, offset, options);
  }

  /** Cancels the task; a ConflictError says that it is over already. */
  cancel(reason?: string, options?: CallOptions): Promise<AnswerOf<"taskCancel">> {
    return this.#parts.tasks.cancel(this.id, reason, options);
  }

  /**
   * Gives what the task asks, each question once, while it is open; ends with the task.
   *
   * @example
   * for await (const { text, options } of task.questions()) await task.answer({ choice: await dialog(text, options) });
   */
  async *questions(options: WaitOptions = {}): AsyncGenerator<Question, void> {
    let last: string | undefined;
    for await (const { question } of this.watch(options)) {
      if (question !== null && question.question_id !== last) {
        last = question.question_id;
        yield question;
      }
    }
  }

  /** Answers the open question, or the one that is named. Rejects as `agentvm.tasks.answer` does. */
  answer(answer: QuestionAnswer, options?: CallOptions): Promise<AnswerOf<"taskAnswer">> {
    return this.#parts.tasks.answer(this.id, answer, options);
  }

  /** Reads what the task has changed, as a unified diff. A NotFoundError `no_changes` says that there is none. */
  diff(options?: CallOptions): Promise<string> {
    return this.#parts.tasks.diff(this.id, options);
  }

  /** Takes in what the task has changed, and gives the changes. Rejects as `agentvm.tasks.review` does. */
  accept(message?: string, options?: CallOptions): Promise<Changes> {
    return this.#parts.tasks.review(this.id, "accept", message, options);
  }

  /** Throws away what the task has changed, and gives the changes. Rejects as `agentvm.tasks.review` does. */
  discard(message?: string, options?: CallOptions): Promise<Changes> {
    return this.#parts.tasks.review(this.id, "discard", message, options);
  }

  /**
   * Gives the task, now and at each change, the latest where several came at once; ends with the task.
   *
   * @example
   * for await (const { status, question } of task.watch()) show(status, question);
   */
  async *watch({ signal, timeoutMs }: WaitOptions = {}): AsyncGenerator<Task, void> {
    if (this.#ended) {
      yield this.#ended;
      return;
    }
    const limit = new WaitLimit(this.#parts.clock, timeoutMs, signal);
    try {
      for await (const task of this.#parts.feed.follow(this.id, limit.signal)) {
        if (isTaskEnding(task.status)) this.#ended = task;
        yield task;
      }
    } catch (error) {
      if (!limit.isLate) throw error;
      throw new TimeoutError(`Task ${this.id} has not ended in time. It goes on.`, {
        code: "timeout",
        outcome: "not_sent",
        retryable: true,
        remediation: "Wait again with result(), or cancel it.",
      });
    } finally {
      limit.end();
    }
  }
}

/** A signal that is also aborted when a time is over; without a time it is the caller's own. */
class WaitLimit {
  readonly signal: AbortSignal | undefined;
  #late = false;
  #end: () => void = () => undefined;

  constructor(clock: Clock, timeoutMs: number | undefined, outer: AbortSignal | undefined) {
    this.signal = outer;
    if (timeoutMs === undefined) return;
    const controller = new AbortController();
    this.signal = controller.signal;
    const abort = (): void => controller.abort();
    const cancelTimer = clock.setTimeout(() => {
      this.#late = true;
      abort();
    }, timeoutMs);
    if (outer?.aborted === true) abort();
    const forgetSignal = onAbort(outer, abort);
    this.#end = () => {
      cancelTimer();
      forgetSignal();
    };
  }

  /** Whether the time is over. */
  get isLate(): boolean {
    return this.#late;
  }

  end(): void {
    this.#end();
  }
}

/** A team's tasks, one a member. */
export class TeamHandle {
  /** The team's id. */
  readonly id: string;
  /** A handle for each member's task, in the order of the server's answer. */
  readonly tasks: readonly TaskHandle[];

  /** Made by `agentvm.tasks`. */
  constructor(id: string, tasks: readonly TaskHandle[]) {
    this.id = id;
    this.tasks = tasks;
  }

  /** Waits for all and gives their results in the order of `tasks`. Rejects as `TaskHandle.result` does. */
  results(options: WaitOptions = {}): Promise<TaskResult[]> {
    return Promise.all(this.tasks.map((task) => task.result(options)));
  }
}
