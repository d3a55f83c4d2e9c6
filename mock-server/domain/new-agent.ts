import type { Agent, AgentType, Metadata, Position } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import type { Core } from "./core.js";
import { deepFreeze } from "./frozen.js";
import { gameKey } from "./idle-pools.js";
import { unusedId } from "./ids.js";
import { findAgent } from "./lookup.js";
import { weightOfAgent } from "./weights.js";

/** Free data of who gave none. */
export const NOTHING: Metadata = Object.freeze({});

/** Where agents are that nobody has placed. */
export const ORIGIN: Position = Object.freeze({ x: 0, y: 0, z: 0 });

/** How many more agents a game may have; those of no game are counted together, as if they were one's. */
export function roomFor(core: Core, gameId: string | null): number {
  return core.limits.max_agents - (core.indexes.agentsByGame.get(gameKey(gameId))?.size ?? 0);
}

/** What a new agent of a type will weigh. */
export function weightOfNew(type: Pick<AgentType, "name" | "description" | "capabilities">): number {
  return weightOfAgent({ ...type, metadata: NOTHING });
}

/** Makes an agent; whether there is room for it was checked before. It is idle unless told otherwise, and has not taken any work yet. */
export function addAgent(
  core: Core,
  type: AgentType,
  gameId: string | null,
  own: Partial<
    Pick<
      Agent,
      "name" | "position" | "scene_id" | "metadata" | "state" | "current_task_id" | "parent_agent_id"
    >
  > = {},
): AgentRecord {
  const id = unusedId(core.ids, "agent", core.world.agents);
  const { timestamp } = core.ledger;
  const number = (core.world.made.get(type.type) ?? 0) + 1;
  const agent: Agent = {
    id,
    type: type.type,
    name: number === 1 ? type.name : `${type.name} ${number}`,
    description: type.description,
    color: type.color,
    personality: type.personality,
    position: ORIGIN,
    scene_id: null,
    game_id: gameId,
    state: "idle",
    capabilities: type.capabilities,
    current_task_id: null,
    created_at: timestamp,
    updated_at: timestamp,
    metadata: NOTHING,
    parent_agent_id: null,
    ...own,
  };
  core.ledger.emit({ type: "agent.created", game_id: gameId, data: { agent: deepFreeze(agent) } });
  return findAgent(core, { kind: "all" }, id);
}
