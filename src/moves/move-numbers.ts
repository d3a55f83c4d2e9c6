import type { Random } from "../contract/index.js";
import { randomId } from "../client/http/request.js";

/**
 * Numbers the moves of one client as they go out, so that one which arrives late undoes nothing. The server compares them with those of
 * the same name alone: a page that is loaded again counts anew under another name, whatever session it is in, and no clock has a say.
 */
export class MoveNumbers {
  readonly #random: Random;
  #clientId: string | null = null;
  #last = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The name of this client. */
  get clientId(): string {
    return (this.#clientId ??= randomId(this.#random));
  }

  /** The number of the next move: larger than all before. */
  next(): number {
    return (this.#last += 1);
  }

  /** Counts on from a number that the game gave a move itself. */
  reach(sequence: number | undefined): void {
    if (Number.isSafeInteger(sequence) && sequence !== undefined && sequence > this.#last)
      this.#last = sequence;
  }
}
