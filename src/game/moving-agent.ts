import { distanceBetween } from "../contract/detail.js";
import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";
import { LazyMove } from "./move.js";
import type { Move, MoveQuestion } from "./move.js";
import { NO_DETAILS, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";

/** Whether a position is one that the contract allows. Looked at for every move, so without a schema. */
export function isPlace(position: Position | null | undefined): boolean {
  if (position === null || position === undefined) return false;
  const { x, y, z } = position;
  const areNumbers = typeof x === "number" && typeof y === "number" && typeof z === "number";
  return (
    areNumbers &&
    Math.abs(x) <= COORDINATE_MAX &&
    Math.abs(y) <= COORDINATE_MAX &&
    Math.abs(z) <= COORDINATE_MAX
  );
}

/**
 * Where one agent is in the game, and where the server was told that it is. A game moves it in every frame, so that a move
 * changes numbers here and makes nothing new.
 */
export class MovingAgent implements MoveQuestion<MoveAnswer> {
  readonly id: string;
  /** What the game gets for each of its moves. */
  readonly move: Move<MoveAnswer> = new LazyMove(this);
  readonly position = { x: 0, y: 0, z: 0 };
  /** The band of the viewer that it is in; null before it was looked at. */
  band: number | null = null;
  /** When it is to be looked at next. */
  lookAt = -Infinity;
  readonly #moveNow: MoveNow;
  /** From 0 up to 1, another for each: what began together does not stay together. */
  readonly #phase: number;
  #details: MoveDetails = NO_DETAILS;
  #version = 0;
  #hasMoved = false;
  #movedAt = 0;
  /** The newest place as it was last told, kept for as long as it is the newest. */
  #update: PositionUpdate | null = null;
  #told: PositionUpdate | null = null;
  #toldAt = -Infinity;
  #times = 0;

  constructor(id: string, phase: number, moveNow: MoveNow) {
    this.id = id;
    this.#phase = phase;
    this.#moveNow = moveNow;
  }

  get version(): number {
    return this.#version;
  }

  ask(): Promise<MoveAnswer> {
    return this.#moveNow(updateOf(this.id, this.position, this.#details));
  }

  /** How far it is from where the server was told that it is. */
  get distance(): number {
    return this.#told === null || this.#told.scene_id !== this.#details.scene_id
      ? Infinity
      : distanceBetween(this.#told.position, this.position);
  }

  take({ x, y, z }: Position, details: MoveDetails): void {
    this.position.x = x;
    this.position.y = y;
    this.position.z = z;
    this.#details = details;
    this.#version += 1;
    this.#hasMoved = true;
    this.#update = null;
  }

  /** Milliseconds for which it has stood still, as one sees it who looks from time to time. */
  restedFor(now: number): number {
    if (this.#hasMoved) this.#movedAt = now;
    this.#hasMoved = false;
    return now - this.#movedAt;
  }

  /** Whether a move would change nothing of what is known here. */
  isAt(position: Position, sceneId: string | undefined): boolean {
    const { x, y, z } = this.position;
    return x === position.x && y === position.y && z === position.z && sceneId === this.#details.scene_id;
  }

  /** Whether the server knows where it is already. */
  hasCome(): boolean {
    return this.#told !== null && this.isAt(this.#told.position, this.#told.scene_id);
  }

  /** When its time comes, at `everyMs` milliseconds between two times. */
  dueAt(everyMs: number): number {
    return this.#toldAt + (this.#times === 1 ? everyMs * (1 - this.#phase) : everyMs);
  }

  /** What the server is to be told. A place that is told again keeps its number, so that it undoes nothing that came after it. */
  updateWith(sequence: number): PositionUpdate {
    return (this.#update ??= updateOf(this.id, this.position, { sequence, ...this.#details }));
  }

  tell(now: number): void {
    this.#told = this.#update;
    this.#toldAt = now;
    this.#times += 1;
  }

  /** What was told from `since` on may not have arrived: true where something was. */
  doubt(since: number): boolean {
    if (this.#told === null || this.#toldAt < since) return false;
    this.#told = null;
    this.lookAt = -Infinity;
    return true;
  }
}
