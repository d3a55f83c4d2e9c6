import { niceTicks } from "./chart-data.js";

/** A place on the ground: the game's x and z. */
export interface Ground {
  readonly x: number;
  readonly z: number;
}

/** What of the ground a map shows. */
export interface MapArea {
  readonly minX: number;
  readonly maxX: number;
  readonly minZ: number;
  readonly maxZ: number;
}

/** Units that a map shows in each direction at the least. */
const SIDE_MIN = 20;

/** The area that has all places in it, with room around; the area of before where that has them too. */
export function areaFor(places: readonly Ground[], before: MapArea | null): MapArea {
  if (before !== null && places.every((place) => isIn(place, before))) return before;
  const all = before === null ? places : [...places, ...cornersOf(before)];
  const xs = all.map(({ x }) => x);
  const zs = all.map(({ z }) => z);
  const [minX, maxX] = withRoom(Math.min(0, ...xs), Math.max(0, ...xs), before === null);
  const [minZ, maxZ] = withRoom(Math.min(0, ...zs), Math.max(0, ...zs), before === null);
  return { minX, maxX, minZ, maxZ };
}

function isIn({ x, z }: Ground, { minX, maxX, minZ, maxZ }: MapArea): boolean {
  return x >= minX && x <= maxX && z >= minZ && z <= maxZ;
}

function cornersOf({ minX, maxX, minZ, maxZ }: MapArea): Ground[] {
  return [
    { x: minX, z: minZ },
    { x: maxX, z: maxZ },
  ];
}

function withRoom(from: number, to: number, isFirst: boolean): readonly [number, number] {
  const room = Math.max((to - from) * (isFirst ? 0.2 : 0.05), (SIDE_MIN - (to - from)) / 2, 1);
  return [from - room, to + room];
}

/** Between the ground and a picture of it that is `width` by `height`, the same scale in both directions. */
export interface MapScale {
  toPicture(place: Ground): { readonly x: number; readonly y: number };
  toGround(point: { readonly x: number; readonly y: number }): Ground;
  /** Where lines of a grid are, in the game's units. */
  readonly gridX: readonly number[];
  readonly gridZ: readonly number[];
}

/** Fits an area into a picture. */
export function scaleOf(area: MapArea, width: number, height: number): MapScale {
  const { minX, maxX, minZ, maxZ } = area;
  const scale = Math.min(width / (maxX - minX), height / (maxZ - minZ));
  const left = (width - (maxX - minX) * scale) / 2 - minX * scale;
  const top = (height - (maxZ - minZ) * scale) / 2 - minZ * scale;
  const toGround = ({ x, y }: { readonly x: number; readonly y: number }): Ground => ({
    x: (x - left) / scale,
    z: (y - top) / scale,
  });
  const from = toGround({ x: 0, y: 0 });
  const to = toGround({ x: width, y: height });
  const lines = Math.max(to.x - from.x, to.z - from.z);
  const step = niceTicks(0, lines, 10)[1] ?? lines;
  const every = (low: number, high: number): number[] => {
    const marks: number[] = [];
    for (let index = Math.ceil(low / step); index * step <= high; index += 1) {
      marks.push(Number((index * step).toPrecision(12)));
    }
    return marks;
  };
  return {
    toPicture: ({ x, z }) => ({ x: x * scale + left, y: z * scale + top }),
    toGround,
    gridX: every(from.x, to.x),
    gridZ: every(from.z, to.z),
  };
}
