import type { Clock } from "../contract/index.js";

/** Gives the next number of a move: each is larger than the one before. */
export type MoveSequence = () => number;

/**
 * Numbers moves as they go out, so that one which arrives late undoes nothing. The numbers grow from the time on, so that the moves
 * of a page that was loaded again come after those before.
 */
export function moveSequence(clock: Clock): MoveSequence {
  let last = 0;
  return () => (last = Math.max(last + 1, Math.floor(clock.now())));
}
