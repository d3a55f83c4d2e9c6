import type { Clock } from "../../src/contract/index.js";

/**
 * The engine's time: that of the clock that was handed in, but it never goes back. When the clock does (it was set,
 * or the engine comes from a snapshot that was taken later), the engine's time goes on from where it was.
 */
export class EngineClock {
  readonly #clock: Clock;
  #last: number;
  #ahead = 0;

  /** @param from Milliseconds that the time must not be before. */
  constructor(clock: Clock, from = -Infinity) {
    this.#clock = clock;
    this.#last = from;
    this.#last = this.read();
  }

  /** The time at the last reading. */
  get last(): number {
    return this.#last;
  }

  read(): number {
    let now = this.#clock.now() + this.#ahead;
    if (now < this.#last) {
      this.#ahead += this.#last - now;
      now = this.#last;
    }
    this.#last = now;
    return now;
  }

  /** A time of the engine as the clock that was handed in counts it. */
  outside(time: number): number {
    return time - this.#ahead;
  }
}
