import type { AgentType } from "../../src/contract/index.js";
import { membersOf } from "./agents.js";
import { addAgent, roomFor, weightOfNew } from "./new-agent.js";
import type { Core } from "./core.js";
import { giveWork } from "./flow.js";
import { gameOfKey } from "./idle-pools.js";
import { byAge, typesOf } from "./lookup.js";
import { couldReserve, hasRoomFor } from "./byte-budget.js";

/**
 * Where `auto_spawn` is on, keeps `min_idle_agents` idle in every game that has a session, and among the agents of
 * no game, each as far as it has room. The agents of no game come first, then the older game.
 */
export function keepSpares(core: Core): void {
  const { limits, indexes } = core;
  const { short, cramped } = indexes;
  for (const [key, bytes] of cramped) {
    if (hasRoomFor(core, gameOfKey(key), bytes)) short.add(key);
  }
  if (short.size === 0) return;
  if (!limits.auto_spawn || limits.min_idle_agents === 0) return short.clear();
  for (const key of byAge(core, [...short])) {
    const gameId = gameOfKey(key);
    cramped.delete(key);
    const wanted = gameId === null || indexes.sessionsByGame.has(key) ? limits.min_idle_agents : 0;
    while (indexes.idle.count(key) < wanted && roomFor(core, gameId) > 0) {
      const type = rarestType(core, key);
      const bytes = weightOfNew(type);
      if (!couldReserve(core, gameId, bytes)) {
        cramped.set(key, bytes);
        break;
      }
      giveWork(core, addAgent(core, type, gameId));
    }
    // One that has as many agents as it may is short again when it loses one.
    short.delete(key);
  }
}

/** The type of which the game has the fewest agents, the first of them in the order of types. */
function rarestType(core: Core, key: string): AgentType {
  const counts = new Map<string, number>();
  for (const { agent } of membersOf(core, key)) counts.set(agent.type, (counts.get(agent.type) ?? 0) + 1);
  const [rarest] = typesOf(core).sort((a, b) => (counts.get(a.type) ?? 0) - (counts.get(b.type) ?? 0));
  if (rarest === undefined) throw new RangeError("There is no type of agent.");
  return rarest;
}
