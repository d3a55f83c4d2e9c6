import { isTaskEnding } from "../../src/contract/tasks.js";
import type { Changes, Task, TaskReviewBody } from "../../src/contract/index.js";
import type { Core } from "./core.js";
import { EngineError } from "./errors.js";
import { deepFreeze } from "./frozen.js";
import { findTask } from "./lookup.js";
import type { Scope } from "./types.js";

type Verdict = TaskReviewBody["verdict"];

/** A task whose changes somebody is to see to. */
export interface Reviewable {
  readonly task: Task;
  readonly changes: Changes;
}

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
 * Accepts or discards what a task has changed. The first review counts. Null, and nothing has happened, where whoever has worked carries it
 * out and takes time for it, which `slow-reviews.ts` is for.
 */
export function review(
  core: Core,
  scope: Scope,
  taskId: string,
  { verdict, message }: TaskReviewBody,
): Changes | null {
  const found = reviewable(core, scope, taskId, verdict);
  if (!("task" in found)) return found;
  const { world, work } = core;
  const isSlow = world.reviews.has(taskId) || world.leases.get(taskId)?.reviewer;
  if (isSlow || work.reviewsLater?.(found.task)) return null;
  const conflicts = work.review?.(found.task, verdict, message ?? null) ?? [];
  if (conflicts.length > 0) throw conflictOf(found, conflicts);
  return settleReview(core, found, verdict);
}

/** A task to be reviewed, or its changes where the same was said of them already. */
export function reviewable(core: Core, scope: Scope, taskId: string, verdict: Verdict): Reviewable | Changes {
  const { task } = findTask(core, scope, taskId);
  const { changes } = task;
  if (changes === null) throw noChanges(task);
  if (changes.review === wordOf(verdict)) return changes;
  if (changes.review === "open") return { task, changes };
  throw new EngineError(
    "already_reviewed",
    `What the task '${taskId}' has changed is ${changes.review} already, and stays so.`,
  );
}

/** Tells that it is done. */
export function settleReview(core: Core, { task, changes }: Reviewable, verdict: Verdict): Changes {
  const { id: task_id, agent_id, game_id } = task;
  const data = deepFreeze({ task_id, agent_id, changes: { ...changes, review: wordOf(verdict) } });
  core.ledger.emit({ type: "task.reviewed", game_id, data });
  return data.changes;
}

/** Gives up a review of which nothing was heard in time; the changes stay open. */
export function expireReview(core: Core, task_id: string): void {
  if (core.world.reviews.has(task_id)) core.ledger.note({ type: "review.over", task_id });
  core.slow.reviews?.expired(task_id);
}

/** Files in conflict that are told. */
const FILES_TOLD_MAX = 50;

export function conflictOf(
  { task, changes: { base } }: Reviewable,
  conflicts: readonly string[],
): EngineError {
  const named = conflicts.slice(0, FILES_TOLD_MAX);
  return new EngineError(
    "merge_conflict",
    `What the task '${task.id}' has changed does not fit '${base}' any more: ${named.join(", ")}.`,
    {
      detail: named.map((path) => ({
        loc: ["changes", "files", path],
        msg: `was changed in '${base}' too, or stands changed and not committed where that is checked out`,
        type: "merge_conflict",
      })),
    },
  );
}

export function wordOf(verdict: Verdict): "accepted" | "discarded" {
  return verdict === "accept" ? "accepted" : "discarded";
}

function noChanges({ id, status }: Task): EngineError {
  const why = isTaskEnding(status) ? "has changed nothing" : `is not over: it is ${status}`;
  return new EngineError("no_changes", `The task '${id}' ${why}.`);
}
