import type { Agent, Task } from "../../src/contract/index.js";
import type { Core } from "./core.js";

/** Asks who works on a task, and notes it where that is another than the task says. */
export function chooseWork(core: Core, task: Task, agent: Agent | null): void {
  const work = core.work.kindOf(task, agent);
  if (core.world.tasks.get(task.id)?.task.work === work) return;
  core.ledger.note({ type: "work.chosen", task_id: task.id, work });
}
