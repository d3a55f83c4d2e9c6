import type { Agent, EventOf, Position } from "../../src/contract/index.js";
import { agentWith } from "./copies.js";

/** What a record is made of, and what a snapshot keeps of it. */
export interface SavedAgent {
  readonly agent: Agent;
  /** Its place in the order of creation. */
  readonly ordinal: number;
  /** The newest sequence of its moves. */
  readonly sequence: number | null;
}

/** An agent of the world. A move is only noted in it: most agents move many times before somebody looks at one as a whole. */
export class AgentRecord implements SavedAgent {
  readonly ordinal: number;
  /** The game that it belongs to for all its life. */
  readonly gameId: string | null;
  #agent: Agent;
  #sequence: number | null;
  /** The newest move that `#agent` does not show. */
  #moved: EventOf<"agent.moved"> | null = null;

  constructor({ agent, ordinal, sequence }: SavedAgent) {
    this.ordinal = ordinal;
    this.gameId = agent.game_id;
    this.#agent = agent;
    this.#sequence = sequence;
  }

  /** The agent as it is now, frozen. */
  get agent(): Agent {
    if (this.#moved !== null) {
      const { data, timestamp: updated_at } = this.#moved;
      const { state, current_task_id } = this.#agent;
      const { position, scene_id } = data;
      this.agent = agentWith(this.#agent, { position, scene_id, state, current_task_id, updated_at });
    }
    return this.#agent;
  }

  set agent(agent: Agent) {
    this.#agent = agent;
    this.#moved = null;
  }

  get sequence(): number | null {
    return this.#sequence;
  }

  /** Where the agent is now. */
  get place(): { readonly position: Position; readonly scene_id: string | null } {
    return this.#moved === null ? this.#agent : this.#moved.data;
  }

  /** Takes a move. */
  move(event: EventOf<"agent.moved">): void {
    this.#moved = event;
    if (event.data.sequence !== null) this.#sequence = event.data.sequence;
  }

  /** What a snapshot keeps. */
  saved(): SavedAgent {
    const { agent, ordinal, sequence } = this;
    return { agent, ordinal, sequence };
  }
}
