import type { workerRoutes } from "../../contract/routes/workers.js";
import type { AnswerOf, BodyOf, ClaimedJob, Worker } from "../../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";

/** Gets the calls of workers, which few pages make. */
type LoadWorkerRoutes = () => Promise<typeof workerRoutes>;

/**
 * Those who do the work on tasks: who they are, and, one by one, the calls that a worker makes. `startWorker` of
 * `oligarchy-agentvm/worker` makes them by itself.
 */
export class Workers {
  readonly #caller: Caller;
  readonly #routes: LoadWorkerRoutes;

  /** Made by the client. */
  constructor(caller: Caller, routes: LoadWorkerRoutes) {
    this.#caller = caller;
    this.#routes = routes;
  }

  /** Lists the workers that are there. Needs an API key. */
  async list(options?: CallOptions): Promise<Worker[]> {
    return this.#caller.json((await this.#routes()).workerList, {}, options);
  }

  /** Joins as a worker, which is taken for lost when nothing is heard of it for `lease_seconds`. */
  async join(worker: BodyOf<"workerJoin">, options?: CallOptions): Promise<AnswerOf<"workerJoin">> {
    return this.#caller.json((await this.#routes()).workerJoin, { body: worker }, options);
  }

  /** Takes tasks for a worker, up to `slots` (1), or waits up to `wait_ms` (0) for the first. */
  async claim(
    workerId: string,
    wanted: BodyOf<"workerClaim"> = {},
    options?: CallOptions,
  ): Promise<ClaimedJob[]> {
    return (await this.claimAll(workerId, wanted, options)).jobs;
  }

  /** Tells how the work on a task goes. */
  async report(
    taskId: string,
    report: BodyOf<"taskReport">,
    options?: CallOptions,
  ): Promise<AnswerOf<"taskReport">> {
    const input = { params: { task_id: taskId }, body: report };
    return this.#caller.json((await this.#routes()).taskReport, input, options);
  }

  /** Tells what a task came to. */
  async finish(
    taskId: string,
    outcome: BodyOf<"taskFinish">,
    options?: CallOptions,
  ): Promise<AnswerOf<"taskFinish">> {
    const input = { params: { task_id: taskId }, body: outcome };
    return this.#caller.json((await this.#routes()).taskFinish, input, options);
  }

  /** The same as `claim`, with the reviews that are wanted of the worker where `reviews` asks for them. */
  async claimAll(
    workerId: string,
    wanted: BodyOf<"workerClaim">,
    options?: CallOptions,
  ): Promise<AnswerOf<"workerClaim">> {
    const input = { params: { worker_id: workerId }, body: wanted };
    return this.#caller.json((await this.#routes()).workerClaim, input, options);
  }

  /** Tells what came of a review. */
  async reviewed(
    taskId: string,
    outcome: BodyOf<"taskReviewed">,
    options?: CallOptions,
  ): Promise<AnswerOf<"taskReviewed">> {
    const input = { params: { task_id: taskId }, body: outcome };
    return this.#caller.json((await this.#routes()).taskReviewed, input, options);
  }

  /** Tells all sessions of others that a worker sees now; those that it does not name are over. */
  async observe(
    workerId: string,
    seen: BodyOf<"workerObserve">,
    options?: CallOptions,
  ): Promise<AnswerOf<"workerObserve">> {
    const input = { params: { worker_id: workerId }, body: seen };
    return this.#caller.json((await this.#routes()).workerObserve, input, options);
  }

  /** Ends a worker; the tasks that it has go to others. */
  async leave(workerId: string, options?: CallOptions): Promise<AnswerOf<"workerLeave">> {
    const input = { params: { worker_id: workerId } };
    return this.#caller.json((await this.#routes()).workerLeave, input, options);
  }
}
