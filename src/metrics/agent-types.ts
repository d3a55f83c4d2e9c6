import type { Agent } from "../contract/index.js";
import { Remembered } from "./remembered.js";

/** Which type each agent is of, since most events name agents by their id alone. */
export class AgentTypes {
  readonly #types = new Remembered<string>();

  of(agentId: string | null): string | null {
    return agentId === null ? null : (this.#types.get(agentId) ?? null);
  }

  learn(agents: readonly Agent[]): void {
    for (const { id, type } of agents) this.#types.set(id, type);
  }
}
