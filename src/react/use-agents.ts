import { useSyncExternalStore } from "react";
import type { LiveAgent } from "../client/stream/agents-model.js";
import type { LiveAgents } from "../client/stream/live-agents.js";
import { NO_DESK, useDesk } from "./desk.js";

const nobody = (): null => null;

/**
 * The game's agents, older first, as they are now; an empty array until they are known. The array is the same one until something
 * changes, and so is each agent in it. A component that uses it is rendered with every change, moves among them: what draws many agents in
 * every frame reads {@link useLiveAgents} instead.
 *
 * @example
 * const agents = useAgents();
 * return agents.map((agent) => <Character key={agent.id} agent={agent} />);
 */
export function useAgents(): readonly LiveAgent[] {
  const { agents } = useDesk();
  return useSyncExternalStore(agents.subscribe, agents.all, NO_DESK.agents.all);
}

/** One agent as it is now; null where there is none of that id. The component is rendered when that agent changes, and for no other. */
export function useAgent(agentId: string | null | undefined): LiveAgent | null {
  const { agents } = useDesk();
  const look = (): LiveAgent | null => agents.live()?.get(agentId ?? "") ?? null;
  return useSyncExternalStore(agents.subscribe, look, nobody);
}

/**
 * The agents as the SDK's always-current map, for what is drawn in every frame: the component is rendered when there is one, and not with
 * each move. Null until the game is known.
 *
 * @example
 * const live = useLiveAgents();
 * useFrame(() => {
 *   for (const agent of live ?? []) place(agent.id, agent.position);
 * });
 */
export function useLiveAgents(): LiveAgents | null {
  const { agents } = useDesk();
  return useSyncExternalStore(agents.subscribe, agents.live, nobody);
}
