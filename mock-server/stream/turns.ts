/** Somebody who waits for a turn, and how its host comes back in another turn of the event loop. */
export interface Turn {
  readonly work: () => void;
  readonly later: (work: () => void) => void;
}

/**
 * Turns at work that is long: one of those who wait in each turn of the event loop, in the order in which they asked. Whatever they
 * do together, everybody else waits for one piece of it at the most.
 */
export class Turns {
  readonly #waiting = new Set<Turn>();
  #isAsked = false;

  /** Runs the turn's work behind that of all who wait. One that waits already keeps its place. */
  ask(turn: Turn): void {
    this.#waiting.add(turn);
    if (this.#isAsked) return;
    this.#isAsked = true;
    turn.later(() => {
      this.#give();
    });
  }

  /** Waits no more. */
  leave(turn: Turn): void {
    this.#waiting.delete(turn);
  }

  #give(): void {
    this.#isAsked = false;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    try {
      first.work();
    } finally {
      const [next] = this.#waiting;
      if (next !== undefined) this.ask(next);
    }
  }
}
