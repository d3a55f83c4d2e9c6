import type { MoveAnswer } from "./position-update.js";

type Resolve = (answer: MoveAnswer | PromiseLike<MoveAnswer>) => void;
type Reject = (error: Error) => void;

/** What the last promise can be settled by: kept here, since a closure for each promise would be one more thing to collect. */
let resolveLast: Resolve = ignore;
let rejectLast: Reject = ignore;

function keep(resolve: Resolve, reject: Reject): void {
  resolveLast = resolve;
  rejectLast = reject;
}

/** The answer that all moves of an agent get which one message carries: an ordinary promise. */
export class Owed {
  readonly promise: Promise<MoveAnswer> = new Promise(keep);
  readonly #resolve: Resolve = resolveLast;
  readonly #reject: Reject = rejectLast;

  give(answer: MoveAnswer): void {
    this.#resolve(answer);
  }

  /** Gives what a newer move is answered with. */
  follow(newer: Promise<MoveAnswer>): void {
    this.promise.catch(ignore);
    this.#resolve(newer);
  }

  fail(error: Error): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** An answer that is an error. A game that looks at no answers has not forgotten to handle it; who looks gets it all the same. */
export function failedMove(error: Error): Promise<MoveAnswer> {
  const promise = Promise.reject<MoveAnswer>(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {
  // Nothing to do.
}
