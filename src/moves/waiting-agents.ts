import { DETAIL_BANDS } from "../contract/detail.js";
import type { Viewer } from "../client/stream/viewer.js";
import type { AgentRows } from "./agent-rows.js";
import { TimingWheel } from "./timing-wheel.js";
import type { MovingAgent } from "./moving-agent.js";

/** Milliseconds without a move after which an agent stands still, so that its exact place goes out. */
export const SETTLE_MS = 500;

/** Milliseconds at the most between two looks at an agent whose time has not come: it may stand still by then, or the viewer before it. */
export const LOOK_MS = 200;

/** How many more than usual go out together, as a share; the others come with the next flush, and stay with those from then on. */
const MORE_THAN_USUAL = 1.2;

/** So many may go out together whatever is usual. */
const FEW = 10;

/** Flushes over which it is learned what is usual. */
const USUAL_OVER = 32;

/** Milliseconds by which an agent is put off that is one too many: about a frame of a game. */
const PUT_OFF_MS = 16;

/** How often agents are told of where no viewer says otherwise, and from which distance on. */
export interface Pace {
  readonly everyMs: number;
  readonly threshold: number;
}

/** The agents of a game that moved since they were told of, and which of them it is time to tell of. */
export class WaitingAgents {
  viewer: Viewer | null = null;
  readonly #agents: AgentRows;
  readonly #pace: Pace;
  /** Told of an agent that is back where it was told to be, so that it waits no more. */
  readonly #onCome: (agent: MovingAgent) => void;
  /** Each agent that waits is in it once. */
  readonly #wheel = new TimingWheel();
  #size = 0;
  /** How many were due together, as a mean of late. */
  #usual = 0;

  constructor(agents: AgentRows, pace: Pace, onCome: (agent: MovingAgent) => void) {
    this.#agents = agents;
    this.#pace = pace;
    this.#onCome = onCome;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** An agent waits from now on. */
  add(row: number): void {
    const { rows } = this.#agents;
    if (rows.waits(row)) return;
    rows.setWaits(row, true);
    this.#size += 1;
    this.#wheel.add(row, 0);
  }

  /** An agent that was taken was told of. */
  rest(row: number): void {
    this.#agents.rows.setWaits(row, false);
    this.#size -= 1;
  }

  /** Lets go of an agent of the game, whether it waits or not. */
  remove(agent: MovingAgent): void {
    if (this.#agents.rows.waits(agent.row)) this.#size -= 1;
    this.#agents.remove(agent);
  }

  /** Takes out those whose time has come, `max` of them at the most; all, where `now` is null. Each rests or is put back then. */
  take(now: number | null, max: number): MovingAgent[] {
    if (now === null) return this.#lookAt(this.#wheel.takeAll(), null, max);
    return this.#levelled(this.#lookAt(this.#wheel.take(now), now, max));
  }

  #lookAt(looked: readonly number[], now: number | null, max: number): MovingAgent[] {
    const due: MovingAgent[] = [];
    const left: number[] = [];
    const { rows } = this.#agents;
    for (const row of looked) {
      if (due.length >= max) {
        left.push(row);
        continue;
      }
      if (rows.hasLeft(row)) {
        this.#agents.free(row);
        continue;
      }
      if (now !== null && !this.#isDue(row, now)) {
        this.#wheel.add(row, rows.lookIn(row, now, LOOK_MS));
        continue;
      }
      const agent = this.#agents.in(row);
      if (agent === undefined) continue;
      if (rows.hasCome(row) && !agent.namesScene) {
        this.#onCome(agent);
        this.rest(row);
        continue;
      }
      due.push(agent);
    }
    this.#wheel.addFirst(left);
    return due;
  }

  /** Holds back some of those whose time has come where they are many, so that the frames of a game carry as much one as another. */
  #levelled(due: readonly MovingAgent[]): MovingAgent[] {
    const { rows } = this.#agents;
    const most = Math.max(FEW, this.#usual * MORE_THAN_USUAL, due.length / 2);
    this.#usual += (due.length - this.#usual) / USUAL_OVER;
    let count = 0;
    return due.filter(({ row }) => {
      // Nobody knows yet where it is.
      if (rows.toldAt(row) === -Infinity) return true;
      count += 1;
      if (count <= most) return true;
      rows.postpone(row, PUT_OFF_MS);
      this.#wheel.add(row, 0);
      return false;
    });
  }

  /** Puts back those that were taken and could not be told of. */
  putBack(agents: readonly MovingAgent[]): void {
    this.#wheel.addFirst(agents.map(({ row }) => row));
  }

  /** Whether it is time to tell of an agent. */
  #isDue(row: number, now: number): boolean {
    const { rows } = this.#agents;
    const settled = rows.hasRested(row, now, SETTLE_MS);
    const everyMs = this.#everyMs(row);
    // What is beyond all bands is seen by nobody here; where it stays, others have to know all the same.
    const isTime = rows.isDue(row, now, everyMs) || (settled && everyMs === Infinity);
    return isTime && (settled || this.#isNews(row));
  }

  /** Whether an agent went far enough to be told of; one that was never told of has, wherever it is. */
  #isNews(row: number): boolean {
    return this.#agents.rows.isOff(row, this.#pace.threshold) || this.#agents.in(row)?.namesScene === true;
  }

  /** Milliseconds between two times at which an agent is told of; Infinity beyond all bands. */
  #everyMs(row: number): number {
    if (this.viewer === null) return this.#pace.everyMs;
    const { position, bands = DETAIL_BANDS } = this.viewer;
    return bands[this.#agents.rows.band(row, position, bands)]?.every_ms ?? Infinity;
  }
}
