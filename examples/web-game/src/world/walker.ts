import { cellOf, centreOf, distance } from "./grid.js";
import type { Cell, Point } from "./grid.js";
import { STEPS, findPath } from "./path.js";
import type { Facing, Spot } from "./layout.js";
import { pick, seededChance } from "./random.js";
import type { Chance } from "./random.js";
import type { Traffic } from "./traffic.js";

/**
 * Seconds that one waits for somebody to get out of the way before looking for another way, at the least and at the most. Two who
 * had the same patience would step aside at the same time, again and again.
 */
const PATIENCE_SECONDS = [0.25, 1.6] as const;

/** Somebody who walks from place to place by the squares of the floor, one square at a time. */
export class Walker {
  readonly id: string;
  facing: Facing = "+z";
  readonly #traffic: Traffic;
  #at: Point;
  #cell: Cell;
  #next: Cell | null = null;
  #way: Cell[] = [];
  #goal: Spot | null = null;
  #waited = 0;
  #patience: number;
  readonly #chance: Chance;

  /** Stands at `start`, or as near to it as there is room. @throws RangeError on a floor without any. */
  constructor(id: string, traffic: Traffic, start: Cell) {
    const cell = traffic.grid.nearest(start, (one) => !traffic.isTaken(id, one));
    if (cell === null) throw new RangeError("There is no room on the floor.");
    traffic.claim(id, cell);
    this.#chance = seededChance(Array.from(id).reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
    this.#patience = this.#nextPatience();
    this.id = id;
    this.#traffic = traffic;
    this.#cell = cell;
    this.#at = centreOf(cell);
  }

  /** Where the middle of the feet is. */
  get at(): Point {
    return this.#at;
  }

  /** Whether it is on its way. */
  get isMoving(): boolean {
    return this.#next !== null || this.#way.length > 0;
  }

  /** The squares that it keeps others from: the one it is on, and the one it steps to. */
  get cells(): readonly Cell[] {
    return this.#next === null ? [this.#cell] : [this.#cell, this.#next];
  }

  /** Sends it to a place; it looks for a way from where it will be after its present step. */
  goTo(goal: Spot): void {
    if (this.#goal?.x === goal.x && this.#goal.z === goal.z) return;
    this.#goal = goal;
    this.#way = this.#plan(() => false) ?? [];
    this.#waited = 0;
  }

  /** Walks for some seconds at a speed in metres a second. */
  step(seconds: number, speed: number): void {
    let metres = seconds * speed;
    while (metres > 0) {
      this.#next ??= this.#takeNext(seconds);
      if (this.#next === null) break;
      metres = this.#advance(this.#next, metres);
    }
    if (!this.isMoving && this.#goal !== null && this.#isAt(this.#goal)) this.facing = this.#goal.facing;
  }

  /** Leaves the floor. */
  leave(): void {
    for (const cell of this.cells) this.#traffic.release(this.id, cell);
    this.#way = [];
    this.#next = null;
  }

  #isAt(goal: Cell): boolean {
    return goal.x === this.#cell.x && goal.z === this.#cell.z;
  }

  #plan(isClosed: (cell: Cell) => boolean): Cell[] | null {
    return this.#goal && findPath(this.#traffic.grid, this.#next ?? this.#cell, this.#goal, isClosed);
  }

  #takeNext(seconds: number): Cell | null {
    // Somebody stood on the goal before, or the way was cut: look again.
    if (this.#way.length === 0 && this.#goal !== null && !this.#isAt(this.#goal)) {
      this.#way = this.#plan(() => false) ?? [];
    }
    const wanted = this.#way[0];
    if (wanted === undefined) return null;
    if (this.#traffic.claim(this.id, wanted)) {
      this.#way.shift();
      this.#waited = 0;
      this.facing = facingOf(this.#cell, wanted);
      return wanted;
    }
    this.#waited += seconds;
    if (this.#waited >= this.#patience) {
      this.#waited = 0;
      this.#patience = this.#nextPatience();
      this.#way = this.#plan((cell) => this.#traffic.isTaken(this.id, cell)) ?? this.#stepAside();
    }
    return null;
  }

  /** Where no way leads past the others, it makes room: they may want to be where it stands. */
  #stepAside(): Cell[] {
    const { grid } = this.#traffic;
    const free = STEPS.map((step) => ({ x: this.#cell.x + step.x, z: this.#cell.z + step.z })).filter(
      (cell) => grid.isFree(cell) && !this.#traffic.isTaken(this.id, cell),
    );
    return free.length === 0 ? this.#way : [pick(free, this.#chance)];
  }

  #nextPatience(): number {
    const [least, most] = PATIENCE_SECONDS;
    return least + (most - least) * this.#chance();
  }

  /** Goes on to the next square and gives the metres that are left. */
  #advance(next: Cell, metres: number): number {
    const target = centreOf(next);
    const left = distance(this.#at, target);
    if (left > metres) {
      const share = metres / left;
      this.#at = {
        x: this.#at.x + (target.x - this.#at.x) * share,
        z: this.#at.z + (target.z - this.#at.z) * share,
      };
      return 0;
    }
    this.#traffic.release(this.id, this.#cell);
    this.#at = target;
    this.#cell = cellOf(target);
    this.#next = null;
    return metres - left;
  }
}

function facingOf(from: Cell, to: Cell): Facing {
  if (to.x !== from.x) return to.x > from.x ? "+x" : "-x";
  return to.z > from.z ? "+z" : "-z";
}
