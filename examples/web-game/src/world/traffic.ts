import type { Cell, Grid } from "./grid.js";

/** Who has which square: nobody steps on a square that somebody else has, so nobody walks into anybody. */
export class Traffic {
  readonly grid: Grid;
  readonly #holders = new Map<number, string>();

  constructor(grid: Grid) {
    this.grid = grid;
  }

  /** Takes a square; false when somebody else has it. */
  claim(who: string, cell: Cell): boolean {
    const index = this.grid.index(cell);
    const holder = this.#holders.get(index);
    if (holder !== undefined && holder !== who) return false;
    this.#holders.set(index, who);
    return true;
  }

  /** Gives a square back. */
  release(who: string, cell: Cell): void {
    const index = this.grid.index(cell);
    if (this.#holders.get(index) === who) this.#holders.delete(index);
  }

  /** Whether somebody else has a square. */
  isTaken(who: string, cell: Cell): boolean {
    const holder = this.#holders.get(this.grid.index(cell));
    return holder !== undefined && holder !== who;
  }
}
