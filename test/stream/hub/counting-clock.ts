import type { CancelTimer, Clock } from "../../../src/contract/index.js";

/** A clock that knows how many of its timers are neither run nor forgotten. */
export class CountingClock implements Clock {
  pending = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(callback: () => void, delayMs: number): CancelTimer {
    let waits = true;
    const over = (): void => {
      if (waits) this.pending -= 1;
      waits = false;
    };
    this.pending += 1;
    const cancel = this.#clock.setTimeout(() => {
      over();
      callback();
    }, delayMs);
    return () => {
      over();
      cancel();
    };
  }
}
