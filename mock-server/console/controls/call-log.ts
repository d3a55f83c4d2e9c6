import type { AnsweredCall } from "../../calls/index.js";

/** Answered calls that are kept; older ones make room. */
export const CALLS_MAX = 500;

/** Characters that are kept of an error, and of what a path says. */
const ERROR_MAX = 4_096;
const PARAM_MAX = 256;

/** An answered call in its order, with the backend's time at its end. */
export interface LoggedCall extends AnsweredCall {
  /** Grows by one with each call. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A call as it is kept: its time becomes text for who looks, since most calls are never looked at. */
interface KeptCall {
  readonly call: AnsweredCall;
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** The last calls that a backend answered. */
export class CallLog {
  readonly #now: () => number;
  readonly #calls: KeptCall[] = [];
  #last = 0;

  /** @param now The backend's time, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(call: AnsweredCall): void {
    this.#last += 1;
    this.#calls.push({ call: shortened(call), number: this.#last, endedAt: this.#now() });
    // Cut in pieces, so that a busy backend does not move five hundred entries with each call.
    if (this.#calls.length >= CALLS_MAX * 2) this.#calls.splice(0, this.#calls.length - CALLS_MAX);
  }

  /** The calls after a number, oldest first, at most {@link CALLS_MAX}. */
  after(number: number): readonly LoggedCall[] {
    // A number from before the server was started anew is larger than all of now.
    const from = number > this.#last ? 0 : number;
    const fresh = this.#last - from;
    return this.#calls
      .slice(-Math.min(fresh, CALLS_MAX), fresh === 0 ? 0 : undefined)
      .map(({ call, number, endedAt }) => ({ ...call, number, at: new Date(endedAt).toISOString() }));
  }
}

/** The call without what a caller wrote at length: five hundred of them are kept. */
function shortened(call: AnsweredCall): AnsweredCall {
  const { error, params } = call;
  const isLong = Object.values(params).some((value) => value.length > PARAM_MAX);
  if (!isLong && (error === null || error.length <= ERROR_MAX)) return call;
  const short: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) short[name] = value.slice(0, PARAM_MAX);
  return { ...call, error: error?.slice(0, ERROR_MAX) ?? null, params: short };
}
