import type { AnswerOf, Position, PositionUpdate } from "../contract/index.js";
import type { CallOptions } from "../client/http/options.js";

/** What the server says of one move. */
export type MoveAnswer = AnswerOf<"agentMove">;

/** Asks the server to move an agent now, and gives its answer. */
export type MoveNow = (update: PositionUpdate, options?: CallOptions) => Promise<MoveAnswer>;

/** The place as it is now, since an engine's vector may be moved on by the next frame. What is none is told of where moves are checked. */
export function placeOf(at: Position | null | undefined): Position {
  return { x: at?.x ?? NaN, y: at?.y ?? NaN, z: at?.z ?? NaN };
}

/** What a move says beside the position. */
export type MoveDetails = Omit<PositionUpdate, "agent_id" | "position">;

/** The details of most moves. */
export const NO_DETAILS: MoveDetails = {};

/** What the server is told of one move. */
export function updateOf(
  agentId: string,
  position: Position | null | undefined,
  details: MoveDetails,
): PositionUpdate {
  return { agent_id: agentId, position: placeOf(position), ...details };
}
