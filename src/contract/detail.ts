import { positionSchema } from "./primitives.js";
import type { Position } from "./primitives.js";
import * as z from "./zod.js";
import { checked, list } from "./schema.js";

/** Bands of one viewer at the most. */
export const DETAIL_BANDS_MAX = 8;

/** The longest that a band may hold a move or a sign of progress back, in milliseconds. */
export const DETAIL_EVERY_MAX_MS = 60_000;

/** How often an agent at some distance is told of. */
export const detailBandSchema = z.strictObject({
  /** Distance up to which the band reaches, in the game's own units; left out, it reaches everywhere. */
  within: z.optional(checked(z.number(), z.gt(0))),
  /**
   * Milliseconds between two of an agent's moves, or two signs of a task's progress, in the mean at the least: one may come early
   * after a pause.
   */
  every_ms: checked(z.number(), z.gte(0), z.lte(DETAIL_EVERY_MAX_MS)),
});
export type DetailBand = z.output<typeof detailBandSchema>;

/**
 * The bands that are used where nobody says others: what is near moves ten times a second, which a game can smooth over without
 * being seen to; what is far is a dot, and a dot that jumps once in five seconds.
 */
export const DETAIL_BANDS: readonly DetailBand[] = [
  { within: 20, every_ms: 100 },
  { within: 60, every_ms: 500 },
  { within: 200, every_ms: 2_000 },
  { every_ms: 5_000 },
];

/**
 * Where a client's viewer is. From then on moves and progress are told by the bands, in `latest` frames; with a position of
 * null, every one as it happens again. A server that has it says so with the feature `level_of_detail`.
 */
export const viewerFrameSchema = z.strictObject({
  type: z.literal("viewer"),
  position: z.nullable(positionSchema),
  /** The bands from now on, nearest first; left out, they stay. */
  bands: z.optional(checked(list(detailBandSchema, DETAIL_BANDS_MAX), z.minLength(1))),
});
export type ViewerFrame = z.output<typeof viewerFrameSchema>;

/** The feature's name in the welcome and among a server's features. */
export const DETAIL_FEATURE = "level_of_detail";

/** How far beyond its band's edge an agent stays in it, as a share: one that walks along an edge does not flicker. */
const HYSTERESIS = 0.1;

/**
 * The place in `bands` of an agent at some distance; `bands.length` when it is beyond all of them.
 *
 * @param current Its place until now, or null.
 */
export function bandAt(bands: readonly DetailBand[], distance: number, current: number | null): number {
  let place = 0;
  while (place < bands.length && distance > (bands[place]?.within ?? Infinity)) place += 1;
  const edge = current === null || place <= current ? undefined : bands[current]?.within;
  return edge !== undefined && current !== null && distance <= edge * (1 + HYSTERESIS) ? current : place;
}

/** The distance between two positions. */
export function distanceBetween(a: Position, b: Position): number {
  return lengthOf(a.x - b.x, a.y - b.y, a.z - b.z);
}

/** The length of the way that leads so far along each axis. */
export function lengthOf(x: number, y: number, z: number): number {
  // Asked thousands of times a second: Math.hypot takes many times as long, and no coordinate is so large that a square is too much.
  return Math.sqrt(x * x + y * y + z * z);
}
