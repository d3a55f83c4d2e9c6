import { distanceBetween } from "../contract/detail.js";
import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";
import { LazyMove } from "./move.js";
import type { Move, MoveQuestion } from "./move.js";
import { updateOf } from "./position-update.js";
import type { MoveAnswer, MoveNow } from "./position-update.js";

/** Whether a position is one that the contract allows. Looked at for every move, so without a schema. */
export function isPlace(position: Position | null | undefined): boolean {
  return isCoordinate(position?.x) && isCoordinate(position?.y) && isCoordinate(position?.z);
}

function isCoordinate(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= COORDINATE_MAX;
}

/**
 * Where one agent is in the game, and where the server was told that it is. A game moves it in every frame, so that a move
 * changes numbers here and makes nothing new.
 */
export class MovingAgent implements MoveQuestion<MoveAnswer> {
  readonly id: string;
  /** What the game gets for each of its moves. */
  readonly move: Move<MoveAnswer> = new LazyMove(this);
  readonly #moveNow: MoveNow;
  /** The band of the viewer that it is in; null before it was looked at. */
  band: number | null = null;
  /** From 0 up to 1, another for each: what began together does not stay together. */
  readonly #phase: number;
  readonly #position = { x: 0, y: 0, z: 0 };
  #sceneId: string | undefined;
  #sequence = 0;
  #version = 0;
  #hasMoved = false;
  #movedAt = 0;
  #told: PositionUpdate | null = null;
  #toldAt = -Infinity;
  #times = 0;

  constructor(id: string, phase: number, moveNow: MoveNow) {
    this.id = id;
    this.#phase = phase;
    this.#moveNow = moveNow;
  }

  get position(): Position {
    return this.#position;
  }

  get version(): number {
    return this.#version;
  }

  ask(): Promise<MoveAnswer> {
    return this.#moveNow(this.update);
  }

  /** What the server is to be told. */
  get update(): PositionUpdate {
    return updateOf(this.id, this.#position, this.#sequence, this.#sceneId);
  }

  /** How far it is from where the server was told that it is. */
  get distance(): number {
    return this.#told === null || this.#told.scene_id !== this.#sceneId
      ? Infinity
      : distanceBetween(this.#told.position, this.#position);
  }

  take({ x, y, z }: Position, sequence: number, sceneId: string | undefined): void {
    this.#position.x = x;
    this.#position.y = y;
    this.#position.z = z;
    this.#sequence = sequence;
    this.#sceneId = sceneId;
    this.#version += 1;
    this.#hasMoved = true;
  }

  /** Milliseconds for which it has stood still, as one sees it who looks from time to time. */
  restedFor(now: number): number {
    if (this.#hasMoved) this.#movedAt = now;
    this.#hasMoved = false;
    return now - this.#movedAt;
  }

  /** Whether a move would change nothing of what is known here. */
  isAt(position: Position, sceneId: string | undefined): boolean {
    const { x, y, z } = this.#position;
    return x === position.x && y === position.y && z === position.z && sceneId === this.#sceneId;
  }

  /** Whether the server knows where it is already. */
  hasCome(): boolean {
    return this.#told !== null && this.isAt(this.#told.position, this.#told.scene_id);
  }

  /** Whether its time has come, at `everyMs` milliseconds between two times. */
  isDue(now: number, everyMs: number): boolean {
    return now - this.#toldAt >= (this.#times === 1 ? everyMs * (1 - this.#phase) : everyMs);
  }

  tell(told: PositionUpdate, now: number): void {
    this.#told = told;
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
