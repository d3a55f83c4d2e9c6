import { distanceBetween } from "../contract/detail.js";
import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";
import { LazyMove } from "./move.js";
import type { Move, MoveQuestion } from "./move.js";
import { updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";

/**
 * Whether a position is one that the contract allows. Looked at for every move, so without a schema, and of the game's own vectors
 * only: V8 makes objects of the numbers of two kinds of them.
 */
export function isPlace(position: Position | null | undefined): boolean {
  if (position === null || position === undefined) return false;
  return isCoordinate(position.x) && isCoordinate(position.y) && isCoordinate(position.z);
}

function isCoordinate(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= COORDINATE_MAX;
}

/** Milliseconds by which an agent may be found due too late and keep its beat; one that is later stood still. */
const LATE_MS = 50;

/**
 * Where one agent is in the game, and where the server was told that it is. A game moves it in every frame, so a move changes
 * numbers here and makes nothing new. They are fields of its own, since V8 keeps those of a mere `{ x, y, z }` in objects.
 */
export class MovingAgent implements MoveQuestion<MoveAnswer> {
  readonly id: string;
  /** What the game gets for each of its moves. */
  readonly move: Move<MoveAnswer> = new LazyMove(this);
  x = 0;
  y = 0;
  z = 0;
  /** Whether it moved since it was told of. */
  waits = false;
  /** The band of the viewer that it is in; null before it was looked at. */
  band: number | null = null;
  /** When it is to be looked at next. */
  lookAt = -Infinity;
  readonly #moveNow: MoveNow;
  /** From 0 up to 1, another for each: what began together does not stay together. */
  readonly #phase: number;
  #details: MoveDetails;
  #version = 0;
  #hasMoved = true;
  #movedAt = 0;
  /** The newest place as it was last told, kept for as long as it is the newest. */
  #update: PositionUpdate | null = null;
  #told: PositionUpdate | null = null;
  #toldAt = -Infinity;
  #beat = -Infinity;
  #dueAt = -Infinity;
  #times = 0;

  constructor(
    { agent_id: id, position }: PositionUpdate,
    details: MoveDetails,
    phase: number,
    moveNow: MoveNow,
  ) {
    this.id = id;
    this.x = position.x;
    this.y = position.y;
    this.z = position.z;
    this.#details = details;
    this.#phase = phase;
    this.#moveNow = moveNow;
  }

  get version(): number {
    return this.#version;
  }

  ask(): Promise<MoveAnswer> {
    return this.#moveNow(updateOf(this.id, this, this.#details));
  }

  /** How far it is from where the server was told that it is. */
  get distance(): number {
    return this.#told === null || this.#told.scene_id !== this.#details.scene_id
      ? Infinity
      : distanceBetween(this.#told.position, this);
  }

  /** As {@link isPlace}, for the game's own vectors where it can be. */
  take({ x, y, z }: Position, details: MoveDetails): void {
    this.x = x;
    this.y = y;
    this.z = z;
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
  isAt({ x, y, z }: Position, sceneId: string | undefined): boolean {
    return x === this.x && y === this.y && z === this.z && sceneId === this.#details.scene_id;
  }

  /** Whether the server knows where it is already. */
  hasCome(): boolean {
    return this.#told !== null && this.isAt(this.#told.position, this.#told.scene_id);
  }

  /** When its time comes, at `everyMs` milliseconds between two times. */
  dueAt(everyMs: number): number {
    return (this.#dueAt = this.#beat + (this.#times === 1 ? everyMs * (1 - this.#phase) : everyMs));
  }

  /** What the server is to be told. A place that is told again keeps its number, so that it undoes nothing that came after it. */
  updateWith(sequence: number): PositionUpdate {
    return (this.#update ??= updateOf(this.id, this, { sequence, ...this.#details }));
  }

  tell(now: number): void {
    this.#told = this.#update;
    this.#toldAt = now;
    // Counted from when it was due, not from the look that found it due: else all who are found together stay together.
    const late = now - this.#dueAt;
    this.#beat = late >= 0 && late <= LATE_MS ? this.#dueAt : now;
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
