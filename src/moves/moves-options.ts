/** How moves are gathered. */
export interface MovesOptions {
  /** Times a second at which an agent's moves go out at the most, where no viewer says otherwise. Default 10. */
  readonly perSecond?: number | undefined;
  /** Distance, in the game's own units, below which a move waits until the agent stands still. Default 0.01. */
  readonly threshold?: number | undefined;
  /** Moves that go out together at the most: more make one frame of the game longer. Default 250, at most 1000. */
  readonly perFlush?: number | undefined;
}

/** What became of the moves of one client. */
export interface MovesSummary {
  /** Moves that were asked for, but for those that are calls of their own. */
  readonly calls: number;
  /** Positions that went out. */
  readonly sent: number;
  /** Moves whose place a newer one took before they went out. */
  readonly merged: number;
  /** Moves that went nowhere, or less far than the threshold. */
  readonly skipped: number;
  /** Moves that came to nothing: a position that is none, an agent that is not there, one that was outdated. */
  readonly failed: number;
  /** Frames and requests that carried them. */
  readonly messages: number;
  /** Agents whose newest position has yet to go out. */
  readonly waiting: number;
  /** Agents whose last position is remembered. */
  readonly held: number;
}

export const NO_MOVES: MovesSummary = {
  calls: 0,
  sent: 0,
  merged: 0,
  skipped: 0,
  failed: 0,
  messages: 0,
  waiting: 0,
  held: 0,
};
