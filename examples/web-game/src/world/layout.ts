import { Grid } from "./grid.js";
import type { Cell, Footprint } from "./grid.js";

/** Where somebody looks: along the floor's axes. */
export type Facing = "+x" | "-x" | "+z" | "-z";

/** A square to stand on, and where one looks from there. */
export interface Spot extends Cell {
  readonly facing: Facing;
}

/** The scene's id, which the backend knows too. */
export const SCENE_ID = "studio";
export const WIDTH = 20;
export const DEPTH = 14;

/** Where people come in. */
export const DOOR: Spot = { x: 0, z: 12, facing: "+x" };

/** Where the player stands at first. */
export const START: Spot = { x: 12, z: 6, facing: "+z" };

const columns = [2, 6, 10];
const rows = [3, 7, 11];

/** The desks, each two squares wide. */
export const DESKS: readonly Footprint[] = rows.flatMap((z) =>
  columns.map((x) => ({ x, z, width: 2, depth: 1 })),
);

/** Where one works: behind each desk, looking into the room. */
export const SEATS: readonly Spot[] = DESKS.map(({ x, z }) => ({ x, z: z - 1, facing: "+z" }));

/** The round table for teams. */
export const TABLE: Footprint = { x: 15, z: 9, width: 2, depth: 2 };

export const TABLE_SEATS: readonly Spot[] = [
  { x: 15, z: 8, facing: "+z" },
  { x: 14, z: 10, facing: "+x" },
  { x: 17, z: 9, facing: "-x" },
  { x: 16, z: 8, facing: "+z" },
  { x: 14, z: 9, facing: "+x" },
  { x: 17, z: 10, facing: "-x" },
];

export const SOFA: Footprint = { x: 15, z: 0, width: 3, depth: 1 };
export const BOOKSHELF: Footprint = { x: 0, z: 4, width: 1, depth: 3 };
export const COFFEE: Footprint = { x: 12, z: 0, width: 1, depth: 1 };
export const PLANTS: readonly Footprint[] = [
  { x: 0, z: 0, width: 1, depth: 1 },
  { x: 19, z: 0, width: 1, depth: 1 },
  { x: 19, z: 6, width: 1, depth: 1 },
  { x: 13, z: 13, width: 1, depth: 1 },
];
export const RUG: Footprint = { x: 14, z: 1, width: 5, depth: 5 };

/** Where people without work are: on the rug, at the coffee machine, at the books, at the whiteboard. */
export const REST_SPOTS: readonly Spot[] = [
  { x: 16, z: 2, facing: "+z" },
  { x: 14, z: 3, facing: "+x" },
  { x: 18, z: 3, facing: "-x" },
  { x: 15, z: 5, facing: "+z" },
  { x: 17, z: 4, facing: "+z" },
  { x: 14, z: 1, facing: "+z" },
  { x: 18, z: 5, facing: "-x" },
  { x: 12, z: 1, facing: "-z" },
  { x: 1, z: 5, facing: "-x" },
  { x: 6, z: 0, facing: "-z" },
  { x: 8, z: 0, facing: "-z" },
  { x: 19, z: 8, facing: "+z" },
];

/** The floor with all that stands on it. */
export function createFloor(): Grid {
  return new Grid(WIDTH, DEPTH, [...DESKS, TABLE, SOFA, BOOKSHELF, COFFEE, ...PLANTS]);
}
