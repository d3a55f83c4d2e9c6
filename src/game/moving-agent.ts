import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";
import { LazyMove } from "./move.js";
import type { Move, MoveQuestion } from "./move.js";
import type { MovingRows } from "./moving-rows.js";
import { NO_DETAILS, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";

/**
 * Whether a position is one that the contract allows. Looked at for every move, so without a schema, and of the game's own vectors
 * only: V8 makes objects of the numbers of two kinds of them.
 */
export function isPlace(position: Position | null | undefined): boolean {
  if (position === null || position === undefined) return false;
  const { x, y, z } = position;
  if (typeof x !== "number" || typeof y !== "number" || typeof z !== "number") return false;
  return Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= COORDINATE_MAX;
}

/** What a {@link MovingAgent} is made of. */
export interface MovingAgentParts {
  readonly id: string;
  readonly rows: MovingRows;
  readonly row: number;
  readonly details: MoveDetails;
  readonly moveNow: MoveNow;
}

/** What is said of an agent beside numbers; those stand in its row. */
export class MovingAgent implements MoveQuestion<MoveAnswer> {
  readonly id: string;
  readonly row: number;
  /** What the game gets for each of its moves. */
  readonly move: Move<MoveAnswer> = new LazyMove(this);
  readonly #rows: MovingRows;
  readonly #moveNow: MoveNow;
  /** What is to be told beside the place. */
  #details: MoveDetails;
  /** The number under which a version of the place was told first. */
  #sequence = NaN;
  #sequenceOf = NaN;
  /** The last scene that was told of, and when. */
  #toldScene: string | undefined = undefined;
  #toldSceneAt = -Infinity;
  /** How it stood when its row became another's. */
  #left: { readonly position: Position; readonly version: number } | null = null;

  constructor({ id, rows, row, details, moveNow }: MovingAgentParts) {
    this.id = id;
    this.row = row;
    this.#rows = rows;
    this.#details = details;
    this.#moveNow = moveNow;
  }

  get version(): number {
    return this.#left === null ? this.#rows.version(this.row) : this.#left.version;
  }

  ask(): Promise<MoveAnswer> {
    return this.#moveNow(updateOf(this.id, this.#position, this.#details));
  }

  /** Its row is to be another's: what is awaited of it later is still about this one. */
  leave(): void {
    this.#left = { position: this.#position, version: this.version };
  }

  /** Takes what a move says beside the place. A scene that was not told of yet stays until another is named. */
  take(details: MoveDetails): void {
    const scene_id = details.scene_id ?? this.#details.scene_id;
    this.#details = scene_id === undefined ? details : { ...details, scene_id };
  }

  /** Whether a move that names this scene, or none, leads to no other. */
  isIn(sceneId: string | undefined): boolean {
    return sceneId === undefined || sceneId === (this.#details.scene_id ?? this.#toldScene);
  }

  /** Whether the server is to hear of another scene. */
  get namesScene(): boolean {
    const { scene_id } = this.#details;
    return scene_id !== undefined && scene_id !== this.#toldScene;
  }

  /** What the server is to be told. A place that is told again keeps its number, so that it undoes nothing that came after it. */
  updateWith(sequence: number): PositionUpdate {
    const { version } = this;
    if (this.#sequenceOf !== version) {
      this.#sequence = this.#details.sequence ?? sequence;
      this.#sequenceOf = version;
    }
    const update = { agent_id: this.id, position: this.#position, sequence: this.#sequence };
    const { scene_id } = this.#details;
    return scene_id === undefined ? update : { ...update, scene_id };
  }

  tell(now: number): void {
    this.#rows.tell(this.row, now);
    if (this.#details === NO_DETAILS) return;
    if (this.#details.scene_id !== undefined) {
      this.#toldScene = this.#details.scene_id;
      this.#toldSceneAt = now;
    }
    this.#details = NO_DETAILS;
  }

  /** What was told from `since` on may not have arrived: true where something was. */
  doubt(since: number): boolean {
    const toldAt = this.#rows.toldAt(this.row);
    if (toldAt === -Infinity || toldAt < since) return false;
    this.#rows.doubt(this.row);
    const scene_id = this.#details.scene_id ?? this.#toldScene;
    if (scene_id !== undefined && this.#toldSceneAt >= since) this.#details = { ...this.#details, scene_id };
    return true;
  }

  get #position(): Position {
    return this.#left === null ? this.#rows.position(this.row) : this.#left.position;
  }
}
