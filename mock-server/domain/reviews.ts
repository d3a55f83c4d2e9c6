import { isTaskEnding } from "../../src/contract/tasks.js";
import type { Changes, Task, TaskReviewBody } from "../../src/contract/index.js";
import type { Core } from "./core.js";
import { EngineError } from "./errors.js";
import { deepFreeze } from "./frozen.js";
import { findTask } from "./lookup.js";
import type { Scope } from "./types.js";

/** What a task has changed, as a unified diff. */
export function diffOf(core: Core, scope: Scope, taskId: string): string {
  const { task } = findTask(core, scope, taskId);
  const text = core.world.diffs.get(taskId);
  if (text !== undefined) return text;
  throw task.changes === null
    ? noChanges(task)
    : new EngineError("no_changes", `Of what the task '${taskId}' has changed no diff is kept.`);
}

/** Accepts or discards what a task has changed. The first review counts. */
export function review(
  core: Core,
  scope: Scope,
  taskId: string,
  { verdict, message }: TaskReviewBody,
): Changes {
  const record = findTask(core, scope, taskId);
  const { changes, agent_id, game_id } = record.task;
  if (changes === null) throw noChanges(record.task);
  const wanted = verdict === "accept" ? "accepted" : "discarded";
  if (changes.review === wanted) return changes;
  if (changes.review !== "open") {
    throw new EngineError(
      "already_reviewed",
      `What the task '${taskId}' has changed is ${changes.review} already, and stays so.`,
    );
  }
  const conflicts = core.work.review?.(record.task, verdict, message ?? null) ?? [];
  if (conflicts.length > 0) {
    const named = conflicts.slice(0, FILES_TOLD_MAX);
    throw new EngineError(
      "merge_conflict",
      `What the task '${taskId}' has changed does not fit '${changes.base}' any more: ${named.join(", ")}.`,
      {
        detail: named.map((path) => ({
          loc: ["changes", "files", path],
          msg: `was changed in '${changes.base}' too`,
          type: "merge_conflict",
        })),
      },
    );
  }
  const data = deepFreeze({ task_id: taskId, agent_id, changes: { ...changes, review: wanted } });
  core.ledger.emit({ type: "task.reviewed", game_id, data });
  return data.changes;
}

/** Files in conflict that are told. */
const FILES_TOLD_MAX = 50;

function noChanges({ id, status }: Task): EngineError {
  const why = isTaskEnding(status) ? "has changed nothing" : `is not over: it is ${status}`;
  return new EngineError("no_changes", `The task '${id}' ${why}.`);
}
