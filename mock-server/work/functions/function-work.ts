import type { Task } from "../../../src/contract/index.js";
import { FunctionJob } from "../../../src/worker/function-job.js";
import { reviewedBy } from "../../../src/worker/run-review.js";
import { functionFor, outcomeOf } from "../../../src/worker/run-function.js";
import { faultOf, resultOf } from "../../../src/worker/work-failure.js";
import type { Answer, Job, Stop, Work } from "../work.js";
import type { WorkersParts } from "../worker-parts.js";

type FunctionParts = Pick<WorkersParts, "functions" | "review" | "clock" | "keys" | "onError">;

/** Work that functions do, in the backend's own process and outside of its commands. */
export class FunctionWork implements Work {
  readonly #parts: FunctionParts;
  readonly #running = new Map<string, FunctionJob>();
  #isEnded = false;

  constructor(parts: FunctionParts) {
    this.#parts = parts;
  }

  readonly kindOf = () => "function" as const;

  begin(job: Job): void {
    if (job.start("thinking")) this.#run(job);
  }

  /** Of a function that was broken off nothing is known: it does all of it once more. */
  resumed(job: Job): void {
    if (job.again()) this.#run(job);
  }

  /** It keeps its time itself. */
  wake(): void {}

  answered(job: Job, answer: Answer): void {
    this.#running.get(job.task.id)?.answered(answer);
  }

  readonly carryOut: NonNullable<Work["carryOut"]> = (task, verdict, message, ended) => {
    const { review, keys, onError } = this.#parts;
    // The command that asks for it is over by then.
    queueMicrotask(() => {
      if (this.#isEnded || review === undefined) return;
      void reviewedBy(review, { task, verdict, message }, keys)
        .then((outcome) => {
          if (!this.#isEnded) ended(outcome);
        })
        .catch(onError);
    });
  };

  readonly stopped = ({ id, message }: Task, why: Stop): void => {
    this.#end(id, new DOMException(message, why === "timeout" ? "TimeoutError" : "AbortError"));
  };

  readonly recall = () => ({ ok: true, value: {} }) as const;

  /** Breaks off all that run. */
  end(): void {
    this.#isEnded = true;
    for (const id of [...this.#running.keys()])
      this.#end(id, new DOMException("The backend was closed.", "AbortError"));
  }

  #end(taskId: string, reason: Error): void {
    const running = this.#running.get(taskId);
    this.#running.delete(taskId);
    running?.abort(reason);
  }

  #run(job: Job): void {
    const running = new FunctionJob(job, this.#parts.clock);
    this.#running.set(job.task.id, running);
    // The command that gave the task is over by then.
    queueMicrotask(() => void this.#work(job, running));
  }

  async #work(job: Job, running: FunctionJob): Promise<void> {
    const { id } = job.task;
    const { functions, keys, onError } = this.#parts;
    try {
      const result = running.signal.aborted
        ? undefined
        : await functionFor(functions, job.agent.type)(job.task, running);
      if (!running.signal.aborted) job.finish(null, outcomeOf(id, result ?? {}));
    } catch (error) {
      try {
        if (!running.signal.aborted) job.finish(faultOf(error, keys), outcomeOf(id, resultOf(error)));
      } catch (failure) {
        onError(failure);
      }
    } finally {
      running.close();
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
  }
}
