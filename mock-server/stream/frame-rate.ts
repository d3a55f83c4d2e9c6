/** Seconds over which the rate is averaged: a client may save that many up and send them in one burst. */
const WINDOW_SECONDS = 10;

/** Bytes, and values, that one frame may have before it counts as more than one: reading a large frame costs what many small ones do. */
const FRAME_UNIT_BYTES = 65_536;
const FRAME_UNIT_VALUES = 4_000;

/** How many frames a client may still send: a bucket that fills by `perSecond` and holds ten seconds' worth. */
export class FrameRate {
  readonly #perSecond: number;
  readonly #capacity: number;
  #level: number;
  #filledAt: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#capacity = perSecond * WINDOW_SECONDS;
    this.#level = this.#capacity;
    this.#filledAt = now;
  }

  /** Counts one frame; false when it is one too many. */
  take(length: number, values: number, now: number): boolean {
    // A clock that was set back must not empty the bucket.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#level = Math.min(this.#capacity, this.#level + (elapsed / 1_000) * this.#perSecond);
    this.#level -= Math.max(1, Math.ceil(length / FRAME_UNIT_BYTES), Math.ceil(values / FRAME_UNIT_VALUES));
    return this.#level >= 0;
  }
}
