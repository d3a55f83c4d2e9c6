import { refuse } from "./refuse.js";

/** In the place of snapshots, which the addon neither takes nor restores. */
export const loadSnapshot = refuse;
export const notASnapshot = refuse;
export const readSnapshot = refuse;
export const takeSnapshot = refuse;
