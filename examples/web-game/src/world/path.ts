import type { Cell, Grid } from "./grid.js";

/** What a step against the traffic costs beside its metre. */
const AGAINST_TRAFFIC = 0.6;
/** What a turn costs, so that ways are straight where they can be. */
const TURN = 0.3;

/** The ways from a square to its neighbours. */
export const STEPS: readonly Cell[] = [
  { x: 1, z: 0 },
  { x: -1, z: 0 },
  { x: 0, z: 1 },
  { x: 0, z: -1 },
];

/** Rows and columns are lanes: one leads there and its neighbour back, so that people who meet have a lane each. */
function isWithTraffic(from: Cell, step: Cell): boolean {
  return step.x !== 0 ? step.x > 0 === (from.z % 2 === 0) : step.z > 0 === (from.x % 2 === 1);
}

interface Visit {
  readonly cell: Cell;
  readonly step: Cell | null;
  readonly before: Visit | null;
  readonly cost: number;
  readonly guess: number;
}

/**
 * The squares from `from` to `to`, without the first, by A*; null where no way leads there.
 *
 * @param isClosed Squares that cannot be walked on now, beside those that never can.
 */
export function findPath(
  grid: Grid,
  from: Cell,
  to: Cell,
  isClosed: (cell: Cell) => boolean = () => false,
): Cell[] | null {
  const open: Visit[] = [{ cell: from, step: null, before: null, cost: 0, guess: 0 }];
  const known = new Map<number, number>([[grid.index(from), 0]]);
  for (let visit = takeBest(open); visit !== null; visit = takeBest(open)) {
    if (visit.cell.x === to.x && visit.cell.z === to.z) return wayTo(visit);
    for (const step of STEPS) {
      const cell = { x: visit.cell.x + step.x, z: visit.cell.z + step.z };
      if (!grid.isFree(cell) || isClosed(cell)) continue;
      const turns = visit.step !== null && visit.step !== step;
      const cost =
        visit.cost + 1 + (isWithTraffic(visit.cell, step) ? 0 : AGAINST_TRAFFIC) + (turns ? TURN : 0);
      if (cost >= (known.get(grid.index(cell)) ?? Infinity)) continue;
      known.set(grid.index(cell), cost);
      open.push({
        cell,
        step,
        before: visit,
        cost,
        guess: cost + Math.abs(to.x - cell.x) + Math.abs(to.z - cell.z),
      });
    }
  }
  return null;
}

/** Takes the most promising one out. The floor has few squares: to look through all is quick enough. */
function takeBest(open: Visit[]): Visit | null {
  let best = 0;
  for (let place = 1; place < open.length; place += 1) {
    if ((open[place]?.guess ?? Infinity) < (open[best]?.guess ?? Infinity)) best = place;
  }
  return open.splice(best, 1)[0] ?? null;
}

function wayTo(end: Visit): Cell[] {
  const way: Cell[] = [];
  for (let visit = end; visit.before !== null; visit = visit.before) way.unshift(visit.cell);
  return way;
}
