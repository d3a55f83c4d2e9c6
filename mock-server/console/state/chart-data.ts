import type { Task } from "../../../src/slim.js";
import { isOver } from "./world.js";

/** One look at the backend. */
export interface Sample {
  /** Milliseconds of this machine's clock. */
  readonly at: number;
  /** Tasks that wait for an agent. */
  readonly queue: number;
  readonly running: number;
  /** Milliseconds that the backend took for its last answers: median, and what nineteen of twenty stay below. */
  readonly p50: number;
  readonly p95: number;
}

/** Looks that are kept: at one a second, ten minutes. */
export const SAMPLES_MAX = 600;

/** Tasks over which the share of successes is taken. */
const SHARE_OVER = 10;

/** A point of a chart: `x` in milliseconds. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A task that is over, on a chart. */
export interface EndedPoint extends Point {
  readonly status: Task["status"];
}

/** The tasks that are over, in the order of their ends, with the seconds that each took. */
export function durations(tasks: Iterable<Task>): EndedPoint[] {
  const points: EndedPoint[] = [];
  for (const { status, completed_at, result, started_at } of tasks) {
    if (!isOver({ status }) || completed_at === null || started_at === null) continue;
    const x = Date.parse(completed_at);
    points.push({ x, y: result?.execution_time ?? (x - Date.parse(started_at)) / 1_000, status });
  }
  return points.sort((a, b) => a.x - b.x);
}

/** The share of successes among the last ten tasks that ended, at the end of each; cancelled ones do not count. */
export function successShare(tasks: Iterable<Task>): Point[] {
  const counted = durations(tasks).filter(({ status }) => status !== "cancelled");
  return counted.map(({ x }, index) => {
    const last = counted.slice(Math.max(0, index + 1 - SHARE_OVER), index + 1);
    return { x, y: last.filter(({ status }) => status === "completed").length / last.length };
  });
}

/** Numbers between which an axis is marked, about `count` of them: 0, 20, 40 … */
export function niceTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}
