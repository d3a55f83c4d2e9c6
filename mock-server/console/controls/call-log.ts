import type { AnsweredCall } from "../../operations/index.js";

/** Answered calls that are kept; older ones make room. */
export const CALLS_MAX = 500;

/** An answered call in its order, with the backend's time at its end. */
export interface LoggedCall extends AnsweredCall {
  /** Grows by one with each call. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The last calls that a backend answered. */
export class CallLog {
  readonly #now: () => number;
  readonly #calls: LoggedCall[] = [];
  #last = 0;

  /** @param now The backend's time, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(call: AnsweredCall): void {
    this.#last += 1;
    this.#calls.push({ ...call, number: this.#last, at: new Date(this.#now()).toISOString() });
    // Cut in pieces, so that a busy backend does not move five hundred entries with each call.
    if (this.#calls.length >= CALLS_MAX * 2) this.#calls.splice(0, this.#calls.length - CALLS_MAX);
  }

  /** The calls after a number, oldest first, at most {@link CALLS_MAX}. */
  after(number: number): readonly LoggedCall[] {
    // A number from before the server was started anew is larger than all of now.
    const from = number > this.#last ? 0 : number;
    const fresh = this.#last - from;
    return this.#calls.slice(-Math.min(fresh, CALLS_MAX), fresh === 0 ? 0 : undefined);
  }
}
