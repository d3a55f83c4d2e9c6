import { isTaskEnding } from "../../src/contract/tasks.js";
import type { Changes, Task, TaskReviewBody } from "../../src/contract/index.js";
import type { Reviewed, ReviewEnded } from "../work/work.js";
import { REVIEW_MS } from "./bounds.js";
import type { Core } from "./core.js";
import { EngineError } from "./errors.js";
import { deepFreeze } from "./frozen.js";
import { findTask } from "./lookup.js";
import type { Scope } from "./types.js";
import type { ReviewRecord } from "./world.js";

/** What a task has changed, as a unified diff. */
export function diffOf(core: Core, scope: Scope, taskId: string): string {
  const { task } = findTask(core, scope, taskId);
  const text = core.world.diffs.get(taskId);
  if (text !== undefined) return text;
  throw task.changes === null
    ? noChanges(task)
    : new EngineError("no_changes", `Of what the task '${taskId}' has changed no diff is kept.`);
}

/**
 * Accepts or discards what a task has changed. The first review counts. Null where whoever has worked carries it out and is not done: who
 * comes meanwhile with the same verdict waits for the same end.
 */
export function review(
  core: Core,
  scope: Scope,
  taskId: string,
  { verdict, message: said }: TaskReviewBody,
): Changes | null {
  const { task } = findTask(core, scope, taskId);
  const { changes } = task;
  if (changes === null) throw noChanges(task);
  if (changes.review === wordOf(verdict)) return changes;
  if (changes.review !== "open") {
    throw new EngineError(
      "already_reviewed",
      `What the task '${taskId}' has changed is ${changes.review} already, and stays so.`,
    );
  }
  const before = core.world.reviews.get(taskId);
  if (before !== undefined) {
    if (before.verdict === verdict) return null;
    const word = wordOf(before.verdict);
    throw new EngineError(
      "review_under_way",
      `What the task '${taskId}' has changed is being ${word}, and nothing else can be said of it until that is over.`,
    );
  }
  const message = said ?? null;
  const reviewer = core.world.leases.get(taskId)?.reviewer;
  if (reviewer === undefined) {
    let reviewId = "";
    const given =
      core.work.review?.(task, verdict, message, (outcome) => ended(core, taskId, reviewId)(outcome)) ?? [];
    if (given !== "later") return done(core, task, changes, verdict, given);
    reviewId = begin(core, taskId, { verdict, message, worker_id: null });
    return null;
  }
  const worker_id = reviewerOf(core, taskId);
  if (worker_id === null) throw failed(task, `${missing(reviewer.name)} Start it again, and review again.`);
  begin(core, taskId, { verdict, message, worker_id });
  return null;
}

/** Ends a review that is under way. False where it is over. */
export function endReview(core: Core, taskId: string, reviewId: string, outcome: Reviewed): boolean {
  const review = core.world.reviews.get(taskId);
  const task = core.world.tasks.get(taskId)?.task;
  if (review?.review_id !== reviewId || !task?.changes) return false;
  core.agenda.cancel("review", taskId);
  core.ledger.note({ type: "review.over", task_id: taskId });
  let error: EngineError | null = null;
  if ("error" in outcome) error = failed(task, outcome.error);
  else if (outcome.conflicts.length > 0) error = conflict(task, task.changes, outcome.conflicts);
  else done(core, task, task.changes, review.verdict, []);
  core.reviewed.push({ task_id: taskId, error });
  return true;
}

/** Gives up a review of which nothing was heard in time; the changes stay open. */
export function expireReview(core: Core, task_id: string): void {
  const review = core.world.reviews.get(task_id);
  let error: EngineError | null = null;
  if (review !== undefined) {
    core.ledger.note({ type: "review.over", task_id });
    const seconds = REVIEW_MS / 1_000;
    error = new EngineError(
      "review_timeout",
      `Whoever reviews what the task '${task_id}' has changed has said nothing for ${seconds} s. It may be done or not; it is open here as before.`,
      { retryAfterSeconds: seconds },
    );
  }
  core.reviewed.push({ task_id, error });
}

/** Asks once more for the reviews that were under way in a snapshot; workers are told of theirs when they come back. */
export function resumeReviews(core: Core): void {
  for (const [taskId, { review_id, verdict, message, worker_id }] of [...core.world.reviews]) {
    const task = core.world.tasks.get(taskId)?.task;
    if (worker_id !== null || task === undefined) continue;
    core.command(() => {
      const end = ended(core, taskId, review_id);
      const given = core.work.review?.(task, verdict, message, end) ?? [];
      if (given !== "later") end({ conflicts: given });
    });
  }
}

/** A worker is there no more: what it was asked to review another one of its name is asked, and where none is there it has failed. */
export function passReviewsOn(core: Core, workerId: string, name: string): void {
  const asked = [...core.world.reviews].filter(([, { worker_id }]) => worker_id === workerId);
  // The order in which they were asked for is not that of a snapshot.
  for (const [taskId, { review_id, verdict, message }] of asked.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const worker_id = reviewerOf(core, taskId);
    if (worker_id !== null) ask(core, taskId, { verdict, message, worker_id });
    else {
      const error = `The worker '${name}' was lost while it reviewed. It may be done or not; start the worker again, and review again.`;
      endReview(core, taskId, review_id, { error });
    }
  }
}

function wordOf(verdict: ReviewRecord["verdict"]): "accepted" | "discarded" {
  return verdict === "accept" ? "accepted" : "discarded";
}

/** The worker that reviews what a task has changed: who did it, or the last that joined in its place; null where neither is there. */
function reviewerOf(core: Core, taskId: string): string | null {
  const { workers, leases } = core.world;
  const lease = leases.get(taskId);
  if (lease === undefined || workers.has(lease.worker_id)) return lease?.worker_id ?? null;
  let found: string | null = null;
  for (const { worker, owner } of workers.values()) {
    const isOfName = worker.name === lease.reviewer?.name && owner === lease.reviewer.owner;
    if (isOfName && worker.reviews === true) found = worker.worker_id;
  }
  return found;
}

function begin(core: Core, taskId: string, asked: Omit<ReviewRecord, "review_id">): string {
  core.agenda.schedule("review", taskId, core.ledger.now + REVIEW_MS);
  return ask(core, taskId, asked);
}

function ask(core: Core, task_id: string, asked: Omit<ReviewRecord, "review_id">): string {
  const review_id = core.ids.next("review");
  core.ledger.note({ type: "review.asked", task_id, review_id, ...asked });
  core.reviewed.push({ task_id, begun: { review_id, ...asked } });
  return review_id;
}

function ended(core: Core, taskId: string, reviewId: string): ReviewEnded {
  return (outcome) => core.command(() => endReview(core, taskId, reviewId, outcome));
}

/** @throws EngineError `merge_conflict` for files in conflict. */
function done(
  core: Core,
  task: Task,
  changes: Changes,
  verdict: ReviewRecord["verdict"],
  conflicts: readonly string[],
): Changes {
  if (conflicts.length > 0) throw conflict(task, changes, conflicts);
  const { id: task_id, agent_id, game_id } = task;
  const data = deepFreeze({ task_id, agent_id, changes: { ...changes, review: wordOf(verdict) } });
  core.ledger.emit({ type: "task.reviewed", game_id, data });
  return data.changes;
}

/** Files in conflict that are told. */
const FILES_TOLD_MAX = 50;

function conflict({ id }: Task, { base }: Changes, conflicts: readonly string[]): EngineError {
  const named = conflicts.slice(0, FILES_TOLD_MAX);
  return new EngineError(
    "merge_conflict",
    `What the task '${id}' has changed does not fit '${base}' any more: ${named.join(", ")}.`,
    {
      detail: named.map((path) => ({
        loc: ["changes", "files", path],
        msg: `was changed in '${base}' too`,
        type: "merge_conflict",
      })),
    },
  );
}

function missing(name: string): string {
  return `The worker '${name}', which did the task and keeps what it has changed, is not there.`;
}

function failed({ id }: Task, why: string): EngineError {
  return new EngineError("review_failed", `What the task '${id}' has changed could not be reviewed: ${why}`);
}

function noChanges({ id, status }: Task): EngineError {
  const why = isTaskEnding(status) ? "has changed nothing" : `is not over: it is ${status}`;
  return new EngineError("no_changes", `The task '${id}' ${why}.`);
}
