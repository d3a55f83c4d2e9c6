import type { WorkKind } from "../../src/contract/index.js";
import type { Core } from "./core.js";

/** Notes who works on a task, where that is another than the task says. */
export function noteWork(core: Core, taskId: string, work: WorkKind): void {
  if (core.world.tasks.get(taskId)?.task.work === work) return;
  core.ledger.note({ type: "work.chosen", task_id: taskId, work });
}
