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
  /** Where it is, since when and in which scene, while `#agent` does not show that; numbers apart, so that a move leaves no object behind. */
  #hasMoved = false;
  #x = NaN;
  #y = NaN;
  #z = NaN;
  #scene: string | null = null;
  #movedAt = "";

  constructor({ agent, ordinal, sequence }: SavedAgent) {
    this.ordinal = ordinal;
    this.gameId = agent.game_id;
    this.#agent = agent;
    this.#sequence = sequence;
  }

  /** The agent as it is now, frozen. */
  get agent(): Agent {
    if (this.#hasMoved) {
      const { state, current_task_id } = this.#agent;
      const { position, scene_id } = this;
      const updated_at = this.#movedAt;
      this.agent = agentWith(this.#agent, { position, scene_id, state, current_task_id, updated_at });
    }
    return this.#agent;
  }

  set agent(agent: Agent) {
    this.#agent = agent;
    this.#hasMoved = false;
  }

  get sequence(): number | null {
    return this.#sequence;
  }

  /** Where the agent is now. */
  get position(): Position {
    return this.#hasMoved ? Object.freeze({ x: this.#x, y: this.#y, z: this.#z }) : this.#agent.position;
  }

  get scene_id(): string | null {
    return this.#hasMoved ? this.#scene : this.#agent.scene_id;
  }

  /** Takes a move. */
  move({ data: { position, scene_id, sequence }, timestamp }: EventOf<"agent.moved">): void {
    this.#hasMoved = true;
    this.#x = position.x;
    this.#y = position.y;
    this.#z = position.z;
    this.#scene = scene_id;
    this.#movedAt = timestamp;
    if (sequence !== null) this.#sequence = sequence;
  }

  /** What a snapshot keeps. */
  saved(): SavedAgent {
    const { agent, ordinal, sequence } = this;
    return { agent, ordinal, sequence };
  }
}
