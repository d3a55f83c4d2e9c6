import type { AgentVM, TaskHandle } from "../../../src/index.js";
import { isTaskEnding } from "../../../src/contract/tasks.js";
import type { DemoEnding, DemoTask, Tell } from "./events.js";

/** Follows one task to its end and tells each change. The handle follows the live events, and asks where there are none. */
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

/** Tells what the agents are about, and when the live events are away and back; until what it returns is called. */
export function followAgents(agentvm: AgentVM, tell: Tell): () => void {
  let isAway = false;
  const undo = [
    agentvm.on("agent.state_changed", ({ data: { agent_id, state } }) => {
      tell({ type: "agent_state", agent_id, state });
    }),
    agentvm.on("connection", ({ current }) => {
      if (current.status === "waiting" && !isAway) tell({ type: "events_away", reason: current.reason });
      if (current.status === "live" && isAway) tell({ type: "events_back", missed: !current.recovered });
      isAway = current.status !== "live";
    }),
  ];
  return () => {
    for (const end of undo) end();
  };
}
