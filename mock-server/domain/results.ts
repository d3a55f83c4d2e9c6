import type { Fault, Task, TaskResult } from "../../src/contract/index.js";
import type { World } from "./world.js";

/** What a task came to: all of its stdout, and why it did not succeed if it did not. */
export function resultOf(world: World, task: Task, error: Fault | null, completedAt: string): TaskResult {
  const started = task.started_at === null ? NaN : Date.parse(task.started_at);
  const seconds = Math.max(0, Date.parse(completedAt) - started) / 1_000;
  return Object.freeze({
    success: error === null,
    output: world.outputs.get(task.id)?.stdout() ?? "",
    error: error === null ? null : Object.freeze(error),
    execution_time: Number.isNaN(seconds) ? 0 : seconds,
    completed_at: completedAt,
    changes: task.changes,
    usage: task.usage,
  });
}

/** What a cancelled task says. */
export function cancelMessage(reason: string | null): string {
  return reason === null || reason.trim() === ""
    ? "The task was cancelled."
    : `The task was cancelled: ${reason}`;
}
