import type { CancelTimer, Clock } from "../../src/contract/index.js";
import { systemClock, TIMER_MAX_MS } from "../../src/contract/clock.js";
import { IndexedHeap } from "./heap.js";

/** How the backend's time goes: with the machine's, only when it is told to, or at a multiple of the machine's. */
export type ClockMode = "real" | "manual" | { readonly speed: number };

/** Where a manual clock starts: 2026-01-01T00:00:00.000Z. */
export const MANUAL_CLOCK_START_MS = Date.UTC(2026, 0, 1);

/** Where time ends and stands still: what is told of it, and of what comes a while later, has a year of four digits. */
export const TIME_END_MS = Date.UTC(9900, 0, 1);

/** The backend's time. Its timers are its own, so that they can be run early by `advance` and all be closed. */
export interface BackendClock extends Clock {
  /**
   * Moves time on by `ms` milliseconds and runs the timers that become due, in order, before it returns.
   * Works in every mode. A timer that throws does not keep the others from running; the first error is thrown at the end.
   *
   * @throws RangeError when `ms` is negative or not finite, or goes past the year 9899.
   */
  advance(ms: number): void;
  /** Milliseconds from now until the next timer is due; Infinity where there is none. */
  readonly untilDue: number;
  /** Milliseconds that pass in one of the base clock; 0 is paused. Setting it throws RangeError for what is negative or not finite. */
  speed: number;
  /**
   * Says what time it is, in milliseconds since 1970. Timers wait on for as long as they had still to wait.
   *
   * @throws RangeError when it is before 1970 or past the year 9899.
   */
  setTime(now: number): void;
  /** Forgets all timers; none can be set any more. */
  close(): void;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Makes a backend clock.
 *
 * @param mode `"real"` follows `base`; `"manual"` stands at {@link MANUAL_CLOCK_START_MS} until `advance`;
 * `{ speed: 20 }` follows `base` twenty times as fast.
 * @param base What it is driven by; the machine's clock unless told otherwise.
 */
export function createBackendClock(mode: ClockMode, base: Clock = systemClock()): BackendClock {
  return new VirtualClock(mode, base);
}

class VirtualClock implements BackendClock {
  readonly #base: Clock;
  readonly #timers = new IndexedHeap<Timer>((a, b) => a.due - b.due || a.order - b.order);
  #speed = 1;
  #anchor: number;
  #baseAnchor: number;
  /** What the time is told to be beyond what the timers count. */
  #shift = 0;
  #order = 0;
  #wake: CancelTimer | undefined;
  #wakeDue = Infinity;
  #closed = false;

  constructor(mode: ClockMode, base: Clock) {
    this.#base = base;
    this.#baseAnchor = base.now();
    this.#anchor = mode === "manual" ? MANUAL_CLOCK_START_MS : this.#baseAnchor;
    if (mode === "manual") this.#speed = 0;
    else if (mode !== "real") this.speed = mode.speed;
  }

  now(): number {
    return Math.min(TIME_END_MS, this.#count() + this.#shift);
  }

  setTime(now: number): void {
    if (!(now >= 0 && now <= TIME_END_MS))
      throw new RangeError(`The time of a clock is milliseconds from 1970 up to the year 9899, not ${now}.`);
    this.#shift = Math.floor(now) - this.#count();
  }

  setTimeout(callback: () => void, delayMs: number): CancelTimer {
    if (this.#closed) return () => undefined;
    const delay = delayMs > 0 ? Math.ceil(delayMs) : 0;
    const timer = { due: this.#count() + delay, order: this.#order++, callback };
    this.#timers.push(timer);
    this.#arm();
    return () => {
      if (this.#timers.remove(timer)) this.#arm();
    };
  }

  advance(ms: number): void {
    if (!(ms >= 0 && ms < Infinity))
      throw new RangeError(`advance() takes milliseconds from 0 up, not ${ms}.`);
    if (this.now() + ms > TIME_END_MS)
      throw new RangeError(`advance() goes no further than the year 9899, and ${ms} milliseconds do.`);
    const target = this.#count() + ms;
    let failure: { error: unknown } | undefined;
    while (!this.#closed) {
      const timer = this.#timers.peek();
      if (timer === undefined || timer.due > target) break;
      this.#timers.remove(timer);
      this.#jumpTo(timer.due);
      try {
        timer.callback();
      } catch (error) {
        failure ??= { error };
      }
    }
    this.#jumpTo(target);
    this.#arm();
    if (failure) throw failure.error;
  }

  get untilDue(): number {
    return (this.#timers.peek()?.due ?? Infinity) - this.#count();
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    if (!(speed >= 0 && speed < Infinity)) {
      throw new RangeError(`The speed of a clock is a number from 0 up, not ${speed}.`);
    }
    const baseNow = this.#base.now();
    this.#anchor = this.#exact(baseNow);
    this.#baseAnchor = baseNow;
    this.#speed = speed;
    this.#sleep();
    this.#arm();
  }

  close(): void {
    this.#closed = true;
    for (const timer of [...this.#timers.values()]) this.#timers.remove(timer);
    this.#sleep();
  }

  /** The time as the timers count it, which never goes back. */
  #count(): number {
    return Math.floor(this.#speed === 0 ? this.#anchor : this.#exact(this.#base.now()));
  }

  #exact(baseNow: number): number {
    // Past the end nothing is due any more; without one, numbers would be so large that a short delay adds nothing.
    return Math.min(TIME_END_MS, this.#anchor + (baseNow - this.#baseAnchor) * this.#speed);
  }

  #jumpTo(time: number): void {
    const ahead = time - this.#count();
    if (ahead > 0) this.#anchor += ahead;
  }

  #arm(): void {
    const due = this.#closed || this.#speed === 0 ? Infinity : (this.#timers.peek()?.due ?? Infinity);
    if (due === this.#wakeDue) return;
    this.#sleep();
    if (due === Infinity) return;
    const delay = Math.max(0, Math.ceil((due - this.#count()) / this.#speed));
    this.#wakeDue = due;
    this.#wake = this.#base.setTimeout(
      () => {
        this.#wakeDue = Infinity;
        this.#wake = undefined;
        this.advance(0);
      },
      Math.min(delay, TIMER_MAX_MS),
    );
  }

  #sleep(): void {
    this.#wake?.();
    this.#wake = undefined;
    this.#wakeDue = Infinity;
  }
}
