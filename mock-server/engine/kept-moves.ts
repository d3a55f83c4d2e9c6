import type { EventOf } from "../../src/contract/index.js";
import { stamped } from "./copies.js";
import { timestampOf } from "./timestamps.js";

type Moved = EventOf<"agent.moved">;

/** Who a kept move is of. One object stands for all moves of an agent in a scene. */
export interface Walker extends Pick<Moved["data"], "agent_id" | "scene_id"> {
  readonly game_id: Moved["game_id"];
}

/** The numbers of a move: its place, its sequence (NaN for null) and its time in milliseconds. */
const WIDTH = 5;

/** Rows that there is room for at first. */
const FIRST_ROWS = 256;

/**
 * Moves as rows of numbers. Most events of a game are moves, and each is kept for some seconds: as objects they would live just long
 * enough to be carried from one part of the heap to the next, in pauses that a game's player sees.
 */
export class KeptMoves {
  readonly #walkers = new Map<string, Walker>();
  #numbers = new Float64Array(WIDTH * FIRST_ROWS);

  /** Keeps a move in a row, in the place of what was there, with its time in milliseconds; gives who it is of. */
  keep(row: number, { game_id, data }: Moved, ms: number): Walker {
    const { agent_id, scene_id, position, sequence } = data;
    const at = row * WIDTH;
    if (at >= this.#numbers.length) this.#grow(row);
    const numbers = this.#numbers;
    numbers[at] = position.x;
    numbers[at + 1] = position.y;
    numbers[at + 2] = position.z;
    numbers[at + 3] = sequence ?? NaN;
    numbers[at + 4] = ms;
    let walker = this.#walkers.get(agent_id);
    if (walker?.scene_id !== scene_id || walker.game_id !== game_id) {
      walker = { agent_id, scene_id, game_id };
      this.#walkers.set(agent_id, walker);
    }
    return walker;
  }

  /** The event of a row. */
  event(row: number, { agent_id, scene_id, game_id }: Walker, epoch: string, seq: number): Moved {
    const at = row * WIDTH;
    const [x = NaN, y = NaN, z = NaN, number = NaN, ms = NaN] = this.#numbers.subarray(at, at + WIDTH);
    const position = Object.freeze({ x, y, z });
    const data = { agent_id, position, scene_id, sequence: Number.isNaN(number) ? null : number };
    return stamped({ type: "agent.moved", game_id, data }, epoch, seq, timestampOf(ms));
  }

  /** An agent moves no more. */
  forget(agentId: string): void {
    this.#walkers.delete(agentId);
  }

  #grow(row: number): void {
    const numbers = new Float64Array(Math.max(WIDTH * (row + 1), 2 * this.#numbers.length));
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
