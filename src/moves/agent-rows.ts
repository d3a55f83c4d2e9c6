import type { PositionUpdate } from "../contract/index.js";
import { MovingAgent } from "./moving-agent.js";
import { MovingRows } from "./moving-rows.js";
import type { MoveAnswer, MoveDetails } from "./position-update.js";

/** The agents that a game moves, each with a row of numbers of its own. */
export class AgentRows {
  readonly rows = new MovingRows();
  readonly #found = new Map<string, number>();
  /** By row; what every move looks at lies in lists of its own. */
  readonly #ids: (string | null)[] = [];
  readonly #answers: Promise<MoveAnswer>[] = [];
  readonly #agents: MovingAgent[] = [];
  readonly #free: number[] = [];
  #next = 0;

  /** How many there are. */
  get size(): number {
    return this.#found.size;
  }

  /** The one that came first. */
  get oldest(): MovingAgent | undefined {
    const [agentId] = this.#found.keys();
    return agentId === undefined ? undefined : this.get(agentId);
  }

  /** The row of an agent; -1 for one that is not here. */
  find(agentId: string): number {
    // A game moves its agents in the same order in every frame: mostly it is the one after the last.
    const next = this.#next < this.#ids.length ? this.#next : 0;
    const row = this.#ids[next] === agentId ? next : (this.#found.get(agentId) ?? -1);
    this.#next = row + 1;
    return row;
  }

  /** What a game gets for a move of the agent in a row that `find` gave; undefined for -1. */
  answerIn(row: number): Promise<MoveAnswer> | undefined {
    return row < 0 ? undefined : this.#answers[row];
  }

  /** The moves of an agent from now on are answered by the next message. */
  owe(agent: MovingAgent): Promise<MoveAnswer> {
    const { promise } = agent.owed;
    this.#answers[agent.row] = promise;
    return promise;
  }

  /** The agent in a row that `find` gave; undefined for -1. */
  in(row: number): MovingAgent | undefined {
    return this.#agents[row];
  }

  get(agentId: string): MovingAgent | undefined {
    const row = this.#found.get(agentId);
    return row === undefined ? undefined : this.#agents[row];
  }

  /** Takes in an agent that was not here. `phase` is as for {@link MovingRows.begin}. */
  add({ agent_id: id, position }: PositionUpdate, details: MoveDetails, phase: number): MovingAgent {
    const { rows } = this;
    const row = this.#free.pop() ?? this.#ids.length;
    rows.begin(row, position, phase);
    const agent = new MovingAgent({ id, rows, row, details });
    this.#found.set(id, row);
    this.#ids[row] = id;
    this.#agents[row] = agent;
    return agent;
  }

  /** Lets go of an agent. Its row may be another's from then on, or when it was given free where the agent waits. */
  remove(agent: MovingAgent): void {
    const { id, row } = agent;
    this.#found.delete(id);
    this.#ids[row] = null;
    if (this.rows.waits(row)) this.rows.setLeft(row);
    else this.#free.push(row);
  }

  /** Gives the row free of an agent that left while it waited. */
  free(row: number): void {
    this.#free.push(row);
  }

  *[Symbol.iterator](): Generator<MovingAgent> {
    for (const row of this.#found.values()) {
      const agent = this.#agents[row];
      if (agent !== undefined) yield agent;
    }
  }
}
