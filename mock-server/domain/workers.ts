import { EVERY_TYPE } from "../../src/contract/workers.js";
import type {
  AnswerOf,
  AskedReview,
  ClaimedJob,
  ParsedBodyOf,
  Report,
  ReportAnswer,
  Task,
  Worker,
} from "../../src/contract/index.js";
import { isTaskEnding } from "../../src/contract/tasks.js";
import { nextClaimable } from "./claims.js";
import type { Core } from "./core.js";
import { EngineError, invalidRequest } from "./errors.js";
import { announce, jobOf } from "./flow.js";
import { frozenCopy } from "./frozen.js";
import { unusedId } from "./ids.js";
import type { TaskJob } from "./job.js";
import { dropWorker } from "./leases.js";
import { findTask } from "./lookup.js";
import type { SlowReviews } from "./review-news.js";
import { slowReviews } from "./slow-reviews.js";
import { timestampOf } from "./timestamps.js";
import type { CallKinds } from "./engine.js";
import { observe } from "./observing.js";
import { see, toldJob } from "./seen-workers.js";
import { endReviewOf, reviewsOf } from "./worker-reviews.js";
import type { Lease, TaskRecord, WorkerRecord } from "./world.js";

/** Workers at the same time; past it another one is refused as `unavailable`. */
export const WORKERS_MAX = 1_000;

/** The part of a lease after which a task is given again to the worker that has said nothing of it: the answer may have been lost. */
const SILENT_SHARE = 1 / 3;

/** Whose a call is: of the caller of that name, or, for null, of one that may speak for every worker. */
export type By = string | null;

/** The calls of those who do the work on tasks. */
export interface WorkerCalls {
  /** Somebody begins to do work; `owner` is the caller that joins, who may speak for it from then on. */
  readonly join: (owner: string, body: ParsedBodyOf<"workerJoin">) => Worker;
  readonly list: () => Worker[];
  /** A worker is there, and will be for `waitMs` longer than its lease. */
  readonly seen: (by: By, workerId: string, waitMs: number) => void;
  /** Whether there is a task that a worker could begin now; false for one that is not there. */
  readonly hasWork: (workerId: string) => boolean;
  /** Begins tasks, as many as are wanted, fit in and are there. */
  readonly claim: (by: By, workerId: string, body: ParsedBodyOf<"workerClaim">) => ClaimedJob[];
  readonly report: (
    by: By,
    taskId: string,
    body: ParsedBodyOf<"taskReport">,
  ) => Omit<ReportAnswer, "success">;
  readonly finish: (by: By, taskId: string, body: ParsedBodyOf<"taskFinish">) => void;
  /** All sessions that a worker sees now. */
  readonly observe: (
    by: By,
    workerId: string,
    body: ParsedBodyOf<"workerObserve">,
  ) => Omit<AnswerOf<"workerObserve">, "success">;
  /** Ends a review that one of the caller's workers was asked for. */
  readonly reviewed: (by: By, taskId: string, body: ParsedBodyOf<"taskReviewed">) => void;
  readonly leave: (by: By, workerId: string) => Worker;
  /** Who has a task, or had it when it ended; null for one that no worker has had. */
  readonly holderOf: (taskId: string) => string | null;
  /** The tasks that a worker has. */
  readonly heldBy: (workerId: string) => ReadonlySet<string>;
  /** Whether a worker is there, and the caller's. */
  readonly isOf: (by: By, workerId: string) => boolean;
  /** The reviews that a worker was asked for and that are not over, but for those that it has in hand. */
  readonly reviewsOf: (workerId: string, inHand?: readonly string[]) => AskedReview[];
  /** Calls `listener` when a review begins or is over. Gives its own undo. */
  readonly onReview: SlowReviews["onNews"];
}

/** Makes these calls over an engine's parts. */
export function workerCalls(core: Core, { looks, changes }: CallKinds): WorkerCalls {
  const { world, indexes } = core;
  // What a worker that leaves was asked to review is passed on from now on.
  slowReviews(core);
  return {
    join: changes((owner: string, body: ParsedBodyOf<"workerJoin">) => join(core, owner, body)),
    list: looks(() => Array.from(world.workers.values(), (record) => toldWorker(core, record))),
    seen: changes((by: By, workerId: string, waitMs: number) => {
      see(core, findWorker(core, by, workerId), waitMs);
    }),
    hasWork: looks((workerId: string) => {
      const record = world.workers.get(workerId);
      if (record === undefined) return false;
      if (silentTasks(core, workerId).length > 0) return true;
      const isFree = indexes.held.of(workerId).size < record.worker.slots;
      return isFree && nextClaimable(core, servedBy(record)) !== undefined;
    }),
    claim: changes((by: By, workerId: string, body: ParsedBodyOf<"workerClaim">) =>
      claim(core, findWorker(core, by, workerId), body.slots),
    ),
    report: changes((by: By, taskId: string, body: ParsedBodyOf<"taskReport">) =>
      report(core, by, taskId, body),
    ),
    finish: changes((by: By, taskId: string, body: ParsedBodyOf<"taskFinish">) =>
      finish(core, by, taskId, body),
    ),
    observe: changes((by: By, workerId: string, body: ParsedBodyOf<"workerObserve">) =>
      observe(core, findWorker(core, by, workerId), body),
    ),
    reviewed: changes((by: By, taskId: string, body: ParsedBodyOf<"taskReviewed">) => {
      see(core, endReviewOf(core, by, taskId, body));
    }),
    leave: changes((by: By, workerId: string) => {
      const record = findWorker(core, by, workerId);
      const left = toldWorker(core, record);
      dropWorker(core, record, "left");
      return left;
    }),
    holderOf: (taskId) => world.leases.get(taskId)?.worker_id ?? null,
    heldBy: (workerId) => indexes.held.of(workerId),
    onReview: (listener) => slowReviews(core).onNews(listener),
    isOf: looks((by: By, workerId: string) => {
      const record = world.workers.get(workerId);
      return record !== undefined && (by === null || record.owner === by);
    }),
    reviewsOf: looks((workerId: string, inHand: readonly string[] = []) => reviewsOf(core, workerId, inHand)),
  };
}

function join(core: Core, owner: string, body: ParsedBodyOf<"workerJoin">): Worker {
  const { world, ledger } = core;
  if (world.workers.size >= WORKERS_MAX) {
    throw new EngineError("unavailable", `${WORKERS_MAX} workers are there already, as many as may be.`, {
      retryAfterSeconds: 60,
    });
  }
  const { name, agent_types, slots, version = null, labels = {}, reviews } = body;
  const { timestamp } = ledger;
  const worker_id = unusedId(core.ids, "worker", world.workers);
  const worker = frozenCopy(
    {
      worker_id,
      name,
      agent_types: [...new Set(agent_types)],
      slots,
      busy: 0,
      version,
      labels,
      ...(reviews === true && { reviews }),
      joined_at: timestamp,
      last_seen_at: timestamp,
    },
    ["body"],
  );
  ledger.emit({ type: "worker.joined", game_id: null, data: { worker } });
  see(core, { worker, owner });
  return worker;
}

function findWorker(core: Core, by: By, workerId: string): WorkerRecord {
  const record = core.world.workers.get(workerId);
  if (record === undefined || (by !== null && record.owner !== by)) {
    throw new EngineError("worker_not_found", `No worker of this key has the id '${workerId}'.`);
  }
  return record;
}

function toldWorker(core: Core, { worker, seen_at }: WorkerRecord): Worker {
  const busy = core.indexes.held.of(worker.worker_id).size;
  return { ...worker, busy, last_seen_at: timestampOf(seen_at) };
}

function servedBy({ worker }: WorkerRecord): (type: string) => boolean {
  const types = new Set(worker.agent_types);
  return (type) => types.has(type) || types.has(EVERY_TYPE);
}

function claim(core: Core, record: WorkerRecord, slots: number): ClaimedJob[] {
  const { worker_id, slots: own } = record.worker;
  if (slots > own) {
    throw invalidRequest(["body", "slots"], `must be at most ${own}, as many as the worker has`, "too_big");
  }
  see(core, record);
  const jobs = silentTasks(core, worker_id).slice(0, slots);
  const serves = servedBy(record);
  let free = Math.min(slots - jobs.length, own - core.indexes.held.of(worker_id).size);
  for (; free > 0; free -= 1) {
    const next = nextClaimable(core, serves);
    if (next === undefined) break;
    const { task } = next.record;
    if (task.status === "pending") announce(core, task, next.agent.agent);
    if (jobOf(core, next.record)?.start("thinking") !== true) break;
    const { now: at, seq: turn } = core.ledger;
    core.ledger.note({ type: "lease.begun", task_id: task.id, worker_id, at, turn });
    jobs.push(next.record);
  }
  return jobs.flatMap((given) => toldJob(core, given));
}

/** The tasks that a worker was given some time ago and has said nothing of. */
function silentTasks(core: Core, workerId: string): TaskRecord[] {
  const before = core.ledger.now - core.limits.lease_seconds * 1_000 * SILENT_SHARE;
  const silent: TaskRecord[] = [];
  for (const taskId of core.indexes.held.of(workerId)) {
    const lease = core.world.leases.get(taskId);
    const record = core.world.tasks.get(taskId);
    if (record && lease?.number === 0 && lease.given_at <= before) silent.push(record);
  }
  return silent;
}

/** A worker's task, if the attempt is the one that is under way or was the last. */
interface Held {
  readonly record: TaskRecord;
  readonly lease: Lease;
  readonly worker: WorkerRecord;
}

function heldTask(core: Core, by: By, taskId: string, attempt: number): Held {
  const record = findTask(core, { kind: "all" }, taskId);
  const lease = core.world.leases.get(taskId);
  const worker = core.world.workers.get(lease?.worker_id ?? "");
  if (attempt !== record.task.attempt || lease === undefined) throw attemptOver(record.task, attempt);
  if (worker === undefined || (by !== null && worker.owner !== by)) throw attemptOver(record.task, attempt);
  return { record, lease, worker };
}

function attemptOver({ id, attempt: now, status }: Task, attempt: number): EngineError {
  const what = `The attempt ${attempt} at the task '${id}'`;
  if (isTaskEnding(status)) return new EngineError("attempt_over", `${what} is over: the task is ${status}.`);
  const why =
    attempt < now
      ? `is over: the task was given on, and is in attempt ${now}`
      : attempt > now
        ? `is none: the task is in attempt ${now}`
        : "is not yours: no worker of this key has the task";
  return new EngineError("attempt_over", `${what} ${why}.`);
}

function report(
  core: Core,
  by: By,
  taskId: string,
  { attempt, number, reports }: ParsedBodyOf<"taskReport">,
): Omit<ReportAnswer, "success"> {
  const { record, lease, worker } = heldTask(core, by, taskId, attempt);
  const cancelled = record.task.status !== "running";
  if (cancelled && !wasStopped(record.task)) throw attemptOver(record.task, attempt);
  see(core, worker);
  if (!cancelled && number > lease.number + 1) {
    throw invalidRequest(["body", "number"], `must be ${lease.number + 1}, the number of the next report`);
  }
  // One that came before has happened already, and is answered again.
  if (!cancelled && number > lease.number) {
    const job = jobOf(core, record);
    const asked = job ? reports.flatMap((one, index) => take(job, one, index)) : [];
    core.ledger.note({ type: "lease.reported", task_id: taskId, number, asked: Object.freeze(asked) });
  }
  const now = core.world.leases.get(taskId);
  return {
    lease_expires_at: timestampOf(core.world.workers.get(worker.worker.worker_id)?.expires_at ?? 0),
    cancelled,
    questions: now?.number === number ? [...now.asked] : [],
    answers: [...(core.world.asked.get(taskId)?.answers ?? [])],
  };
}

/** Whether a task that is over was ended by somebody else than its worker. */
function wasStopped({ status, result }: Task): boolean {
  return status === "cancelled" || (status === "failed" && result?.error?.code === "timeout");
}

/** Takes one report, and gives the ids of the questions in it. */
function take(job: TaskJob, one: Report, index: number): string[] {
  if ("state" in one) job.state(one.state);
  else if ("position" in one) job.place(one.position);
  else if ("message" in one) job.progress(one.progress ?? null, one.message);
  else if ("output" in one) job.write(one.output.text, one.output.stream);
  else if ("question_withdrawn" in one) job.withdraw(one.question_withdrawn);
  else if ("usage" in one) job.usage(one.usage);
  else if ("agent" in one) {
    const { agent } = one;
    job.child(agent.child, "gone" in agent ? "gone" : { state: agent.state, ...named(agent.name) });
  } else return asked(job, one, index);
  return [];
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** A question that cannot be asked is told where it stands; nothing of its report has happened then. */
function asked(job: TaskJob, { question }: Extract<Report, { question: unknown }>, index: number): string[] {
  const at = ["body", "reports", index];
  if (job.task.question !== null) {
    throw invalidRequest([...at, "question"], "is a second one: the one before is open yet");
  }
  const id = job.ask(question);
  return id === null ? [] : [id];
}

function finish(
  core: Core,
  by: By,
  taskId: string,
  { attempt, error, output, changes, diff, usage }: ParsedBodyOf<"taskFinish">,
): void {
  const { record, worker } = heldTask(core, by, taskId, attempt);
  if (record.task.status !== "running") throw attemptOver(record.task, attempt);
  see(core, worker);
  jobOf(core, record)?.finish(error ?? null, { output, changes, diff, usage });
}
