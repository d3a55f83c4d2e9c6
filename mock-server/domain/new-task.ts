import type { Task } from "../../src/contract/index.js";
import type { Core } from "./core.js";
import { unusedId } from "./ids.js";

/** A task that nobody has yet; it is not in the world before it is announced. */
export function newTask(
  core: Core,
  given: Pick<
    Task,
    "game_id" | "team_id" | "prompt" | "task_type" | "priority" | "timeout" | "metadata" | "continues"
  >,
): Task {
  return {
    id: unusedId(core.ids, "task", core.world.tasks),
    agent_id: null,
    team_id: given.team_id,
    game_id: given.game_id,
    prompt: given.prompt,
    task_type: given.task_type,
    priority: given.priority,
    timeout: given.timeout,
    status: "pending",
    progress: 0,
    message: "",
    result: null,
    metadata: Object.freeze(given.metadata),
    created_at: core.ledger.timestamp,
    started_at: null,
    completed_at: null,
    attempt: 1,
    question: null,
    changes: null,
    usage: null,
    continues: given.continues,
  };
}
