import { isDeepStrictEqual } from "node:util";

/** What is looked at of an event, whoever tells it. */
interface Told {
  readonly type: unknown;
  readonly data?: unknown;
  readonly agents?: readonly { readonly id: string; readonly position: object }[] | null;
}

/** Where the agents are, as somebody has been told. */
export class Places {
  readonly #places = new Map<string, unknown>();
  /** Moves that came before their agents or after their ends; null for none. */
  problem: string | null = null;

  take({ type, data, agents }: Told): void {
    if (type === "gap") {
      this.#places.clear();
      for (const { id, position } of agents ?? []) this.#places.set(id, position);
      return;
    }
    if (typeof data !== "object" || data === null) return;
    if (type === "agent.created" && "agent" in data) {
      const { id, position }: { id?: unknown; position?: unknown } = Object(data.agent);
      this.#places.set(String(id), position);
    }
    if (!("agent_id" in data)) return;
    const agentId = String(data.agent_id);
    if (type === "agent.removed") this.#places.delete(agentId);
    if (type !== "agent.moved" || !("position" in data)) return;
    if (!this.#places.has(agentId)) this.problem ??= `a move of ${agentId}, which was not there`;
    this.#places.set(agentId, data.position);
  }

  /** How another's places differ from these, or null. Agents that are not known here are nothing to this one. */
  compare(told: Places): string | null {
    for (const [agentId, position] of told.#places) {
      const here = this.#places.get(agentId);
      if (!isDeepStrictEqual(here, position))
        return `${agentId} is at ${JSON.stringify(here)} and was told at ${JSON.stringify(position)}`;
    }
    return told.problem ?? this.problem;
  }
}
