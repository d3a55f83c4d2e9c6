import type { EventOf } from "../contract/index.js";

/** An event of a move. */
export type Moved = EventOf<"agent.moved">;

/** What a move has of its own. */
export type MoveRow = readonly [
  seq: number,
  agentId: string,
  x: number,
  y: number,
  z: number,
  sceneId: string | null,
  sequence: number | null,
];

/**
 * Moves that came one behind the other, of one game and one moment. Most of what crosses to a game is moves, and in rows they are a
 * third of the text, which the game reads in a fifth of the time. `addons/agentvm/web/move_rows.gd` makes events of them.
 */
export interface Moves {
  readonly epoch: string;
  readonly timestamp: string;
  readonly game_id: string | null;
  readonly rows: readonly MoveRow[];
}

/** Puts the moves of a list that stand next to each other into rows; everything else stays what and where it is. */
export function withMovesInRows<T>(
  news: readonly T[],
  moveIn: (one: T) => Moved | null,
): (T | { readonly moves: Moves })[] {
  const packed: (T | { readonly moves: Moves })[] = [];
  let rows: MoveRow[] = [];
  let before: Moved | null = null;
  for (const one of news) {
    const move = moveIn(one);
    if (move === null) {
      packed.push(one);
    } else {
      if (before === null || !areAlike(before, move)) {
        const { epoch, timestamp, game_id } = move;
        rows = [];
        packed.push({ moves: { epoch, timestamp, game_id, rows } });
      }
      rows.push(rowOf(move));
    }
    before = move;
  }
  return packed;
}

function areAlike(one: Moved, other: Moved): boolean {
  return one.timestamp === other.timestamp && one.game_id === other.game_id && one.epoch === other.epoch;
}

function rowOf({ seq, data: { agent_id, position, scene_id, sequence } }: Moved): MoveRow {
  return [seq, agent_id, position.x, position.y, position.z, scene_id, sequence];
}
