import type { DetailBand, Position } from "../../contract/index.js";

/** Where the game is looked at from, and how distance counts there. */
export interface Viewer {
  readonly position: Position;
  /** Nearest first; `DETAIL_BANDS` when left out. */
  readonly bands?: readonly DetailBand[] | undefined;
}

/** Whether two viewers stand in one place and count distance alike. */
export function isSameViewer({ position: { x, y, z }, bands }: Viewer, other: Viewer | null): boolean {
  if (other === null || bands !== other.bands) return false;
  return x === other.position.x && y === other.position.y && z === other.position.z;
}
