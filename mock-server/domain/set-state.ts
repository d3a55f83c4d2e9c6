import type { Agent } from "../../src/contract/index.js";
import type { Core } from "./core.js";

/** Tells what an agent is seen doing from now on. */
export function setState(core: Core, agent: Agent, state: Agent["state"], taskId: string | null): void {
  core.ledger.emit({
    type: "agent.state_changed",
    game_id: agent.game_id,
    data: { agent_id: agent.id, state, previous_state: agent.state, task_id: taskId },
  });
}
