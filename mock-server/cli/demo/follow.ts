import type { TaskHandle } from "../../../src/index.js";
import { isTaskEnding } from "../../../src/contract/index.js";
import type { DemoEnding, DemoTask, Tell } from "./events.js";

/** Follows one task to its end and tells each change. How the handle learns of changes is its own affair. */
export async function followTask(
  handle: TaskHandle,
  task: DemoTask,
  tell: Tell,
  signal: AbortSignal,
): Promise<DemoEnding> {
  let { agent_id } = task;
  let ended: DemoEnding["status"] | null = null;
  for await (const now of handle.progress({ signal })) {
    agent_id = now.agent_id ?? agent_id;
    if (isTaskEnding(now.status)) ended = now.status;
    else if (now.status === "running")
      tell({ type: "task_progress", task, agent_id, progress: now.progress, message: now.message });
  }
  const result = await handle.result({ signal });
  return { ...task, agent_id, status: ended ?? (result.success ? "completed" : "failed"), result };
}
