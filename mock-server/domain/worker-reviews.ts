import type { AskedReview, ParsedBodyOf, Task } from "../../src/contract/index.js";
import type { Core } from "./core.js";
import { EngineError } from "./errors.js";
import { findTask } from "./lookup.js";
import { slowReviews } from "./slow-reviews.js";
import type { WorkerRecord } from "./world.js";

/** The reviews that a worker was asked for and that are not over, but for those that it has in hand. */
export function reviewsOf(core: Core, workerId: string, inHand: readonly string[]): AskedReview[] {
  const asked: AskedReview[] = [];
  for (const [taskId, { review_id, worker_id, verdict, message }] of core.world.reviews) {
    const task = core.world.tasks.get(taskId)?.task;
    if (task === undefined || worker_id !== workerId || inHand.includes(review_id)) continue;
    asked.push({ review_id, task: { ...task, result: null }, verdict, message });
  }
  return asked;
}

/**
 * Ends a review as the worker says that was asked for it, and gives that worker.
 *
 * @param by The caller that joined with it; null for one that may speak for every worker.
 * @throws EngineError `no_such_review` where it is over, or was asked of another one.
 */
export function endReviewOf(
  core: Core,
  by: string | null,
  taskId: string,
  { review_id, conflicts = [], error }: ParsedBodyOf<"taskReviewed">,
): WorkerRecord {
  const { task } = findTask(core, { kind: "all" }, taskId);
  const review = core.world.reviews.get(taskId);
  const worker = core.world.workers.get(review?.worker_id ?? "");
  if (review?.review_id !== review_id || worker === undefined || (by !== null && worker.owner !== by)) {
    throw new EngineError("no_such_review", whyNone(task, review_id));
  }
  slowReviews(core).end(taskId, review_id, error === undefined ? { conflicts } : { error: error.message });
  return worker;
}

function whyNone({ id, changes }: Task, reviewId: string): string {
  const how = changes === null ? "It has changed nothing." : `What it has changed is ${changes.review}.`;
  return `No worker of this key is asked for the review '${reviewId}' of the task '${id}'. ${how}`;
}
