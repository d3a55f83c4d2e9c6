/** A square of the floor, one metre wide. */
export interface Cell {
  readonly x: number;
  readonly z: number;
}

/** A place on the floor in metres: `x` to the right and down the screen, `z` to the left and down. */
export interface Point {
  readonly x: number;
  readonly z: number;
}

/** Squares from `x`, `z` on that something stands on. */
export interface Footprint extends Cell {
  readonly width: number;
  readonly depth: number;
}

/** The floor as squares that can be walked on or not. */
export class Grid {
  readonly width: number;
  readonly depth: number;
  readonly #blocked: Uint8Array;

  constructor(width: number, depth: number, furniture: readonly Footprint[]) {
    this.width = width;
    this.depth = depth;
    this.#blocked = new Uint8Array(width * depth);
    for (const piece of furniture) {
      for (let x = piece.x; x < piece.x + piece.width; x += 1) {
        for (let z = piece.z; z < piece.z + piece.depth; z += 1) this.#blocked[this.index({ x, z })] = 1;
      }
    }
  }

  /** A number of its own for each square. */
  index({ x, z }: Cell): number {
    return z * this.width + x;
  }

  /** Whether one can stand on a square. */
  isFree(cell: Cell): boolean {
    const { x, z } = cell;
    if (x < 0 || z < 0 || x >= this.width || z >= this.depth) return false;
    return this.#blocked[this.index(cell)] === 0;
  }

  /** Whether one can stand at a place, with some room around. */
  hasRoom({ x, z }: Point, radius: number): boolean {
    return [-radius, radius].every((dx) =>
      [-radius, radius].every((dz) => this.isFree(cellOf({ x: x + dx, z: z + dz }))),
    );
  }

  /** The nearest square to `cell` that fits; null where there is none. */
  nearest(cell: Cell, fits: (cell: Cell) => boolean = () => true): Cell | null {
    let best: Cell | null = null;
    let least = Infinity;
    for (let z = 0; z < this.depth; z += 1) {
      for (let x = 0; x < this.width; x += 1) {
        const distance = Math.abs(x - cell.x) + Math.abs(z - cell.z);
        if (distance >= least || !this.isFree({ x, z }) || !fits({ x, z })) continue;
        best = { x, z };
        least = distance;
      }
    }
    return best;
  }
}

/** The square that a place is in. */
export function cellOf({ x, z }: Point): Cell {
  return { x: Math.floor(x), z: Math.floor(z) };
}

/** The middle of a square. */
export function centreOf({ x, z }: Cell): Point {
  return { x: x + 0.5, z: z + 0.5 };
}

/** Metres between two places. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.z - b.z);
}
