import { cellOf, centreOf, distance } from "../world/grid.js";
import type { Cell, Grid, Point } from "../world/grid.js";
import { START } from "../world/layout.js";
import type { Facing } from "../world/layout.js";
import { findPath } from "../world/path.js";

const SPEED = 4.2;
/** Half the player's width, in metres. */
const RADIUS = 0.22;
/** Longer steps are walked in parts, so that nobody steps over a desk in a slow frame. */
const STRIDE = 0.15;
/** How near the player has to be to talk. */
export const TALK_METRES = 2;

/** Where the player wants to go: on the screen, each from -1 to 1. */
export interface Heading {
  readonly right: number;
  readonly down: number;
}

/** The player's own character: walks by keys, or to a place that was tapped. */
export class Player {
  facing: Facing = START.facing;
  isMoving = false;
  readonly #grid: Grid;
  #at: Point = centreOf(START);
  #way: Cell[] = [];

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  /** Where the middle of the feet is. */
  get at(): Point {
    return this.#at;
  }

  /** Walks to a place by itself, until a key says otherwise. */
  walkTo(target: Point): void {
    const goal = this.#grid.nearest(cellOf(target));
    this.#way = (goal && findPath(this.#grid, cellOf(this.#at), goal)) ?? [];
  }

  /** One frame. */
  step(seconds: number, heading: Heading): void {
    const length = Math.hypot(heading.right, heading.down);
    const before = this.#at;
    if (length > 0) {
      this.#way = [];
      for (let left = SPEED * seconds; left > 0; left -= STRIDE)
        this.#stride(heading, Math.min(left, STRIDE) / length);
    } else this.#follow(SPEED * seconds);
    this.isMoving = distance(before, this.#at) > 0.001;
    if (this.isMoving) this.facing = facingOf(this.#at.x - before.x, this.#at.z - before.z);
  }

  /** Down the screen is along both axes of the floor; right is along one and against the other. */
  #stride({ right, down }: Heading, metres: number): void {
    this.#push(((right + down) / Math.SQRT2) * metres, "x");
    this.#push(((down - right) / Math.SQRT2) * metres, "z");
  }

  #push(metres: number, axis: "x" | "z"): void {
    const to = { ...this.#at, [axis]: this.#at[axis] + metres };
    if (this.#grid.hasRoom(to, RADIUS)) this.#at = to;
  }

  #follow(metres: number): void {
    let left = metres;
    for (let next = this.#way[0]; next !== undefined && left > 0; next = this.#way[0]) {
      const target = centreOf(next);
      const far = distance(this.#at, target);
      if (far > left) {
        const share = left / far;
        this.#at = {
          x: this.#at.x + (target.x - this.#at.x) * share,
          z: this.#at.z + (target.z - this.#at.z) * share,
        };
        return;
      }
      this.#at = target;
      this.#way.shift();
      left -= far;
    }
  }
}

function facingOf(dx: number, dz: number): Facing {
  if (Math.abs(dx) >= Math.abs(dz)) return dx >= 0 ? "+x" : "-x";
  return dz >= 0 ? "+z" : "-z";
}
