import type { AnswerOf, Position, PositionUpdate } from "../contract/index.js";
import type { CallOptions } from "../http/options.js";
import { LazyMove } from "./move.js";
import type { Move } from "./move.js";

/** What the server says of one move. */
export type MoveAnswer = AnswerOf<"agentMove">;

/** Asks the server to move an agent now, and gives its answer. */
export type MoveNow = (update: PositionUpdate, options?: CallOptions) => Promise<MoveAnswer>;

/** The place as it is now, since an engine's vector may be moved on by the next frame. What is none is told of where moves are checked. */
export function placeOf(at: Position | null | undefined): Position {
  return { x: at?.x ?? NaN, y: at?.y ?? NaN, z: at?.z ?? NaN };
}

/** What the server is told of one move. */
export function updateOf(
  agentId: string,
  position: Position | null | undefined,
  sequence: number,
  sceneId: string | undefined,
): PositionUpdate {
  const update = { agent_id: agentId, position: placeOf(position), sequence };
  return sceneId === undefined ? update : { ...update, scene_id: sceneId };
}

/** A move that goes out by itself when it is awaited, and not otherwise. */
export function moveAlone(update: PositionUpdate, moveNow: MoveNow): Move<MoveAnswer> {
  return new LazyMove({ version: 0, ask: () => moveNow(update) });
}
