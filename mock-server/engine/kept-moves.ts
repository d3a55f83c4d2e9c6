import type { EventOf } from "../../src/contract/index.js";
import { stamped } from "./copies.js";
import { timestampOf } from "./timestamps.js";

type Moved = EventOf<"agent.moved">;

/** Who a kept move is of. One object stands for all moves of an agent in a scene. */
export interface Walker extends Pick<Moved["data"], "agent_id" | "scene_id"> {
  readonly game_id: Moved["game_id"];
}

/** The numbers of a move: its place, its sequence (NaN for null), its time in milliseconds and its place in the log. */
const WIDTH = 6;

/**
 * Moves of one game as rows of numbers. Most events of a game are moves, and each is kept for some seconds: as objects they would live just long
 * enough to be carried from one part of the heap to the next, in pauses that a game's player sees.
 */
export class KeptMoves {
  readonly #walkers = new Map<string, Walker>();
  #numbers = new Float64Array(0);

  /** Keeps a move in a row, in the place of what was there, with its time in milliseconds; gives who it is of. */
  keep(row: number, { game_id, seq, data }: Moved, ms: number): Walker {
    const { agent_id, scene_id, position, sequence } = data;
    const at = row * WIDTH;
    const numbers = this.#numbers;
    numbers[at] = position.x;
    numbers[at + 1] = position.y;
    numbers[at + 2] = position.z;
    numbers[at + 3] = sequence ?? NaN;
    numbers[at + 4] = ms;
    numbers[at + 5] = seq;
    let walker = this.#walkers.get(agent_id);
    if (walker?.scene_id !== scene_id) {
      walker = { agent_id, scene_id, game_id };
      this.#walkers.set(agent_id, walker);
    }
    return walker;
  }

  /** The event of a row. */
  event(row: number, { agent_id, scene_id, game_id }: Walker, epoch: string): Moved {
    const at = row * WIDTH;
    const [x = NaN, y = NaN, z = NaN, number = NaN, ms = NaN, seq = NaN] = this.#numbers.subarray(
      at,
      at + WIDTH,
    );
    const position = Object.freeze({ x, y, z });
    const data = { agent_id, position, scene_id, sequence: Number.isNaN(number) ? null : number };
    return stamped({ type: "agent.moved", game_id, data }, epoch, seq, timestampOf(ms));
  }

  /** The place in the log of a row's move. */
  seqOf(row: number): number {
    return this.#numbers[row * WIDTH + 5] ?? NaN;
  }

  /** An agent moves no more. */
  forget(agentId: string): void {
    this.#walkers.delete(agentId);
  }

  /** Makes room for so many rows; the rows from `first` on come to the front, then those before it. */
  resize(rows: number, first: number): void {
    const old = this.#numbers;
    const at = first * WIDTH;
    this.#numbers = new Float64Array(WIDTH * rows);
    this.#numbers.set(old.subarray(at, at + this.#numbers.length));
    const rest = this.#numbers.length - (old.length - at);
    if (rest > 0) this.#numbers.set(old.subarray(0, Math.min(at, rest)), old.length - at);
  }
}
