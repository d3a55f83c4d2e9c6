import { distanceBetween } from "../contract/detail.js";
import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";

/** Whether a position is one that the contract allows. Looked at for every move, so without a schema. */
export function isPlace(position: Position | null | undefined): boolean {
  return isCoordinate(position?.x) && isCoordinate(position?.y) && isCoordinate(position?.z);
}

function isCoordinate(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= COORDINATE_MAX;
}

/** Where one agent is in the game, and where the server was told that it is. */
export class MovingAgent {
  readonly id: string;
  /** The band of the viewer that it is in; null before it was looked at. */
  band: number | null = null;
  movedAt = 0;
  /** From 0 up to 1, another for each: what began together does not stay together. */
  readonly #phase: number;
  #now: PositionUpdate;
  #told: PositionUpdate | null = null;
  #toldAt = -Infinity;
  #times = 0;

  constructor(update: PositionUpdate, phase: number) {
    this.id = update.agent_id;
    this.#phase = phase;
    this.#now = update;
  }

  get position(): Position {
    return this.#now.position;
  }

  /** What the server is to be told. */
  get update(): PositionUpdate {
    return this.#now;
  }

  /** How far it is from where the server was told that it is. */
  get distance(): number {
    return this.#told === null || this.#told.scene_id !== this.#now.scene_id
      ? Infinity
      : distanceBetween(this.#told.position, this.#now.position);
  }

  take(update: PositionUpdate, now: number): void {
    this.#now = update;
    this.movedAt = now;
  }

  /** Whether a move would change nothing of what is known here. */
  isAt({ position, scene_id }: PositionUpdate): boolean {
    const { x, y, z } = this.#now.position;
    return x === position.x && y === position.y && z === position.z && scene_id === this.#now.scene_id;
  }

  /** Whether the server knows where it is already. */
  hasCome(): boolean {
    return this.#told !== null && this.isAt(this.#told);
  }

  /** Whether its time has come, at `everyMs` milliseconds between two times. */
  isDue(now: number, everyMs: number): boolean {
    return now - this.#toldAt >= (this.#times === 1 ? everyMs * (1 - this.#phase) : everyMs);
  }

  tell(now: number): void {
    this.#told = this.#now;
    this.#toldAt = now;
    this.#times += 1;
  }

  /** What was told from `since` on may not have arrived: true where something was. */
  doubt(since: number): boolean {
    if (this.#told === null || this.#toldAt < since) return false;
    this.#told = null;
    return true;
  }
}
