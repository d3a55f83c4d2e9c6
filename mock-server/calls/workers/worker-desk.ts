import { workerRoutes } from "../../../src/contract/routes/workers.js";
import type { WorkerRouteName } from "../../../src/contract/routes/worker-heads.js";
import type {
  AnswerOf,
  AskedReview,
  Clock,
  Notice,
  ParsedBodyOf,
  Route,
} from "../../../src/contract/index.js";
import { EngineError } from "../../domain/index.js";
import type { Engine } from "../../domain/index.js";
import { workerCalls } from "../../domain/workers.js";
import type { By, WorkerCalls } from "../../domain/workers.js";
import type { Caller } from "../caller.js";
import { bodyMayBeEmpty, parsed, parsedParts } from "../input.js";
import type { OperationInput } from "../input.js";
import { checkCall } from "../operations.js";
import type { OperationResult, Operations } from "../operations.js";
import { Notices } from "./notices.js";
import { WaitingClaims } from "./waiting-claims.js";

/** How a worker's call came. */
export interface WorkerCallOptions {
  readonly idempotencyKey?: string | undefined;
  /** Aborted when the caller goes away: a claim that waits ends at once. */
  readonly signal?: AbortSignal | undefined;
}

/** What the calls of workers stand on. */
export interface WorkerDeskParts {
  readonly engine: Engine;
  readonly once: Operations["once"];
  /** The domain's time, in which claims wait. */
  readonly clock: Clock;
}

/** Answers the calls of those who do the work on tasks. */
export interface WorkerDesk {
  /**
   * Makes a call, as `Operations.run` makes those of others.
   *
   * @throws EngineError for everything that goes wrong on purpose.
   */
  run(
    name: WorkerRouteName,
    caller: Caller,
    input: OperationInput,
    options: WorkerCallOptions,
  ): Promise<OperationResult>;
  /**
   * Tells a worker's own connection what it has to know at once, and `left` when the worker is there no more. Gives its own undo;
   * null, and nothing is told, for a worker that is not the caller's.
   */
  attach(
    caller: Caller,
    workerId: string,
    send: (notice: Notice) => void,
    left: () => void,
  ): (() => void) | null;
  /** Ends claims that wait. */
  close(): void;
}

/** A claim that finds nothing, and may wait: what it changed is taken back, and nothing is kept of it. */
const NOTHING_YET = new Error("There is no task yet.");

/** Makes them over an engine. */
export function createWorkerDesk({ engine, once, clock }: WorkerDeskParts): WorkerDesk {
  const calls = engine.extend(workerCalls);
  const waiting = new WaitingClaims(engine, clock, calls.onReview);
  const notices = new Notices(engine, calls);
  let closed = false;

  return {
    async run(name, caller, input, { idempotencyKey, signal }) {
      const route: Route = workerRoutes[name];
      const checked = checkCall(name, route, bodyMayBeEmpty(route), caller, input);
      const by = byOf(caller);
      const answered = (work: () => unknown): OperationResult =>
        once(name, caller, checked, idempotencyKey, () => ({ answer: work() }));
      switch (name) {
        case "workerList":
          return answered(() => calls.list());
        case "workerJoin":
          return answered(() => join(engine, calls, caller, parsed("body", schemas.join, checked.body)));
        case "workerLeave":
          return answered(() => leave(calls, by, workerIdOf(checked)));
        case "workerObserve": {
          const { params: id, body } = parsedParts(schemas.workerParams, schemas.observe, checked);
          return answered(() => ({ success: true, ...calls.observe(by, id.worker_id, body) }));
        }
        case "taskReport": {
          const { params: id, body } = parsedParts(schemas.taskParams, schemas.report, checked);
          return answered(() => ({ success: true, ...calls.report(by, id.task_id, body) }));
        }
        case "taskFinish": {
          const { params: id, body } = parsedParts(schemas.taskParams, schemas.finish, checked);
          return answered(() => {
            calls.finish(by, id.task_id, body);
            return { success: true };
          });
        }
        case "taskReviewed": {
          const { params: id, body } = parsedParts(schemas.taskParams, schemas.reviewed, checked);
          return answered(() => {
            calls.reviewed(by, id.task_id, body);
            return { success: true };
          });
        }
        case "workerClaim": {
          const { params: id, body } = parsedParts(schemas.workerParams, schemas.claim, checked);
          const claim = { workerId: id.worker_id, body, by };
          const attempt = (isLast: boolean): OperationResult | null => {
            try {
              return answered(() => claimed(calls, claim, isLast));
            } catch (error) {
              if (error === NOTHING_YET) return null;
              throw error;
            }
          };
          return attempt(body.wait_ms === 0) ?? (await waited(claim, attempt, signal));
        }
      }
    },
    attach(caller, workerId, send, left) {
      return calls.isOf(byOf(caller), workerId) ? notices.attach(workerId, send, left) : null;
    },
    close() {
      closed = true;
      waiting.close();
      notices.close();
    },
  };

  /** Waits for a task as long as its time lasts, and tries again whenever there may be one. */
  async function waited(
    { workerId, body, by }: Claim,
    attempt: (isLast: boolean) => OperationResult | null,
    signal: AbortSignal | undefined,
  ): Promise<OperationResult> {
    const until = clock.now() + body.wait_ms;
    for (;;) {
      const left = Math.max(0, until - clock.now());
      calls.seen(by, workerId, left);
      const mayBegin = (): boolean => calls.hasWork(workerId) || wanted(calls, workerId, body).length > 0;
      const why = await waiting.wait(workerId, left, mayBegin, signal);
      if (closed) throw new EngineError("unavailable", "The server is closed.");
      if (why === "left") {
        calls.seen(by, workerId, 0);
        throw new EngineError("unavailable", "The caller has left.");
      }
      try {
        const result = attempt(why === "over");
        if (result !== null) return result;
      } finally {
        waiting.stir();
      }
    }
  }
}

const schemas = {
  join: workerRoutes.workerJoin.body,
  claim: workerRoutes.workerClaim.body,
  observe: workerRoutes.workerObserve.body,
  report: workerRoutes.taskReport.body,
  finish: workerRoutes.taskFinish.body,
  reviewed: workerRoutes.taskReviewed.body,
  workerParams: workerRoutes.workerClaim.params,
  taskParams: workerRoutes.taskReport.params,
} as const;

interface Claim {
  readonly workerId: string;
  readonly body: ParsedBodyOf<"workerClaim">;
  readonly by: By;
}

/** A key with the role admin may speak for every worker, any other for those that joined with it. */
function byOf(caller: Caller): By {
  return caller.kind === "key" && caller.role === "admin" ? null : caller.id;
}

function workerIdOf(input: OperationInput): string {
  return parsed("path", schemas.workerParams, input.params).worker_id;
}

function join(
  engine: Engine,
  calls: WorkerCalls,
  caller: Caller,
  body: ParsedBodyOf<"workerJoin">,
): AnswerOf<"workerJoin"> {
  const { worker_id } = calls.join(caller.id, body);
  return { success: true, worker_id, lease_seconds: engine.limits.lease_seconds };
}

function leave(calls: WorkerCalls, by: By, workerId: string): AnswerOf<"workerLeave"> {
  const { name } = calls.leave(by, workerId);
  return { success: true, message: `The worker '${name}' has left.` };
}

function claimed(
  calls: WorkerCalls,
  { by, workerId, body }: Claim,
  isLast: boolean,
): AnswerOf<"workerClaim"> {
  const jobs = calls.claim(by, workerId, body);
  const reviews = wanted(calls, workerId, body);
  if (jobs.length + reviews.length === 0 && !isLast) throw NOTHING_YET;
  return { success: true, jobs, ...(body.reviews !== undefined && { reviews }) };
}

/** The reviews that a claim asks for. */
function wanted(
  calls: WorkerCalls,
  workerId: string,
  { reviews }: ParsedBodyOf<"workerClaim">,
): AskedReview[] {
  return reviews === undefined ? [] : calls.reviewsOf(workerId, reviews);
}
