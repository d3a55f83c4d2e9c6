import { COORDINATE_MAX } from "../contract/primitives.js";
import type { Position, PositionUpdate } from "../contract/index.js";
import type { MovingRows } from "./moving-rows.js";
import { Owed } from "./owed.js";
import { NO_DETAILS } from "./position-update.js";
import type { MoveAnswer, MoveDetails } from "./position-update.js";

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
}

/** What is said of an agent beside numbers; those stand in its row. */
export class MovingAgent {
  readonly id: string;
  readonly row: number;
  readonly #rows: MovingRows;
  /** What is to be told beside the place. */
  #details: MoveDetails;
  /** The number under which a version of the place was told first. */
  #sequence = NaN;
  #sequenceOf = NaN;
  /** The last scene that was told of, and when. */
  #toldScene: string | undefined = undefined;
  #toldSceneAt = -Infinity;
  /** The answer to the moves that wait; null while none does. */
  #owed: Owed | null = null;
  /** The answer to those before, which went out. */
  #before: Promise<MoveAnswer> | null = null;

  constructor({ id, rows, row, details }: MovingAgentParts) {
    this.id = id;
    this.row = row;
    this.#rows = rows;
    this.#details = details;
  }

  /** The answer to the moves that wait, or will. */
  get owed(): Owed {
    return (this.#owed ??= new Owed());
  }

  /** It is back where it was told to be: its moves have the answer of those that told so. */
  come(): void {
    if (this.#before !== null) this.#owed?.follow(this.#before);
    this.#owed = null;
  }

  /** Its moves that wait will not go out: takes out their answer, where there are some. */
  takeOwed(): Owed | null {
    const owed = this.#owed;
    this.#owed = null;
    return owed;
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
    const version = this.#rows.version(this.row);
    if (this.#sequenceOf !== version) {
      this.#sequence = this.#details.sequence ?? sequence;
      this.#sequenceOf = version;
    }
    const update = { agent_id: this.id, position: this.#rows.position(this.row), sequence: this.#sequence };
    const { scene_id } = this.#details;
    return scene_id === undefined ? update : { ...update, scene_id };
  }

  tell(now: number): void {
    this.#rows.tell(this.row, now);
    this.#before = this.#owed?.promise ?? this.#before;
    this.#owed = null;
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
}
