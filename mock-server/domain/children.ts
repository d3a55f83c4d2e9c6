import type { Agent, Task } from "../../src/contract/index.js";
import type { WorkState } from "../../src/contract/work-states.js";
import { CHILDREN_MAX, CHILD_NAME_MAX } from "../../src/contract/worker.js";
import { couldReserve } from "./byte-budget.js";
import type { Core } from "./core.js";
import { invalidRequest } from "./errors.js";
import { addAgent, roomFor, weightOfNew } from "./new-agent.js";
import { setState } from "./set-state.js";
import type { AgentRecord } from "./agent-record.js";

/** Characters of a worker's own name for an agent that helps. */
const OWN_NAME_MAX = 200;

/** What a worker says of an agent that helps with its task: that it comes, what it does, or that it leaves. */
export function reportChild(
  core: Core,
  task: Task,
  parent: Agent,
  child: string,
  seen: { readonly name?: string; readonly state: WorkState } | "gone",
  dismiss: (core: Core, record: AgentRecord) => void,
): string | null {
  if (child === "" || child.length > OWN_NAME_MAX)
    throw invalidRequest(["child"], `must be 1 to ${OWN_NAME_MAX} characters long`);
  const helping = core.world.children.get(task.id);
  const known = core.world.agents.get(helping?.get(child) ?? "");
  if (seen === "gone") {
    if (known) dismiss(core, known);
    return known?.agent.id ?? null;
  }
  const { state, name = child } = seen;
  if (known) {
    if (known.state !== state) setState(core, known.agent, state, task.id);
    return known.agent.id;
  }
  if ((helping?.size ?? 0) >= CHILDREN_MAX || roomFor(core, parent.game_id) <= 0) return null;
  if (!couldReserve(core, parent.game_id, weightOfNew(parent))) return null;
  const { agent } = addAgent(core, parent, parent.game_id, {
    name: name.trim() === "" ? child : name.slice(0, CHILD_NAME_MAX),
    position: parent.position,
    scene_id: parent.scene_id,
    state,
    current_task_id: task.id,
    parent_agent_id: parent.id,
  });
  core.ledger.note({ type: "child.named", task_id: task.id, child, agent_id: agent.id });
  return agent.id;
}
