import { MOVE_CLIENTS_MAX } from "../../src/contract/agents.js";
import type { Agent, EventOf, Position } from "../../src/contract/index.js";
import { agentWith, stamped } from "./frozen-records.js";

/** The newest number that a client gave to a move of an agent. */
export interface ClientSequence {
  readonly client: string;
  readonly sequence: number;
}

/** When an agent moved last: the newest place of the log and the time then, and the number that its client gave the move. */
export interface LastMove {
  readonly seq: number;
  readonly timestamp: string;
  readonly sequence: number | null;
}

/** What a record is made of, and what a snapshot keeps of it. */
export interface SavedAgent {
  readonly agent: Agent;
  /** Its place in the order of creation. */
  readonly ordinal: number;
  /** The newest sequences of the clients that moved it; the client that moved it last comes last. */
  readonly sequences: ClientSequence[];
  /** Left out for one that has never moved. */
  readonly moved?: LastMove | undefined;
}

/** An agent of the world. A move is only noted in it: most agents move many times before somebody looks at one as a whole. */
export class AgentRecord implements Pick<SavedAgent, "agent" | "ordinal"> {
  readonly ordinal: number;
  /** The game that it belongs to for all its life. */
  readonly gameId: string | null;
  #agent: Agent;
  /** The client that numbered its last move, and how; most agents are moved by one alone. */
  #client: string;
  #sequence: number | null;
  /** The same of the clients before, the last one last. */
  #others: Map<string, number> | null = null;
  /** Where it is, since when and in which scene, while `#agent` does not show that; numbers apart, so that a move leaves no object behind. */
  #hasMoved = false;
  #x = NaN;
  #y = NaN;
  #z = NaN;
  #scene: string | null = null;
  /** When it moved last; no place for one that never did. */
  #movedAt = "";
  #movedSeq = NaN;
  #moveNumber: number | null = null;

  constructor({ agent, ordinal, sequences, moved }: SavedAgent) {
    this.ordinal = ordinal;
    this.gameId = agent.game_id;
    this.#agent = agent;
    const { client = "", sequence = null } = sequences.at(-1) ?? {};
    this.#client = client;
    this.#sequence = sequence;
    if (sequences.length > 1)
      this.#others = new Map(sequences.slice(0, -1).map((one) => [one.client, one.sequence]));
    if (moved === undefined) return;
    this.#movedAt = moved.timestamp;
    this.#movedSeq = moved.seq;
    this.#moveNumber = moved.sequence;
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

  /** The client whose numbers its moves have now. */
  get client(): string {
    return this.#client;
  }

  /** Whether a client has moved it by a newer move before. */
  isOutdated(client: string, sequence: number): boolean {
    const newest = client === this.#client ? this.#sequence : this.#others?.get(client);
    return typeof newest === "number" && sequence < newest;
  }

  /** Where the agent is now. */
  get position(): Position {
    return this.#hasMoved ? Object.freeze({ x: this.#x, y: this.#y, z: this.#z }) : this.#agent.position;
  }

  /** What it does now, found without a look at the rest. */
  get state(): Agent["state"] {
    return this.#agent.state;
  }

  get scene_id(): string | null {
    return this.#hasMoved ? this.#scene : this.#agent.scene_id;
  }

  /** The newest place of the log when it moved last; NaN for one that never did. */
  get movedSeq(): number {
    return this.#movedSeq;
  }

  /** Its last move once more, as an event; of one that has moved. */
  lastMove(epoch: string): EventOf<"agent.moved"> {
    const { gameId: game_id, position, scene_id } = this;
    const data = { agent_id: this.#agent.id, position, scene_id, sequence: this.#moveNumber };
    return stamped({ type: "agent.moved", game_id, data }, epoch, this.#movedSeq, this.#movedAt);
  }

  /** Takes a move. */
  move({ data: { position, scene_id, sequence }, seq, timestamp }: EventOf<"agent.moved">): void {
    this.#hasMoved = true;
    this.#x = position.x;
    this.#y = position.y;
    this.#z = position.z;
    this.#scene = scene_id;
    this.#movedAt = timestamp;
    this.#movedSeq = seq;
    this.#moveNumber = sequence;
    if (sequence !== null) this.#sequence = sequence;
  }

  /** Takes the numbers of another client from now on. Those of the last few before are remembered. */
  numberedBy(client: string): void {
    // A map of its own, so that the one before can be put back.
    const others = new Map(this.#others);
    if (this.#sequence !== null) others.set(this.#client, this.#sequence);
    this.#client = client;
    this.#sequence = others.get(client) ?? null;
    others.delete(client);
    const [oldest] = others.keys();
    if (others.size >= MOVE_CLIENTS_MAX && oldest !== undefined) others.delete(oldest);
    this.#others = others;
  }

  /** Gives what makes it again as it is now. */
  undo(): () => void {
    const agent = this.#agent;
    const client = this.#client;
    const sequence = this.#sequence;
    const others = this.#others;
    const hasMoved = this.#hasMoved;
    const x = this.#x;
    const y = this.#y;
    const z = this.#z;
    const scene = this.#scene;
    const movedAt = this.#movedAt;
    const movedSeq = this.#movedSeq;
    const moveNumber = this.#moveNumber;
    return () => {
      this.#agent = agent;
      this.#client = client;
      this.#sequence = sequence;
      this.#others = others;
      this.#hasMoved = hasMoved;
      this.#x = x;
      this.#y = y;
      this.#z = z;
      this.#scene = scene;
      this.#movedAt = movedAt;
      this.#movedSeq = movedSeq;
      this.#moveNumber = moveNumber;
    };
  }

  /** What a snapshot keeps. */
  saved(): SavedAgent {
    const { agent, ordinal } = this;
    const sequences = Array.from(this.#others ?? [], ([client, sequence]) => ({ client, sequence }));
    if (this.#sequence !== null) sequences.push({ client: this.#client, sequence: this.#sequence });
    if (Number.isNaN(this.#movedSeq)) return { agent, ordinal, sequences };
    const moved = { seq: this.#movedSeq, timestamp: this.#movedAt, sequence: this.#moveNumber };
    return { agent, ordinal, sequences, moved };
  }
}
