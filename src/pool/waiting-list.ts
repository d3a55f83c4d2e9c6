/** Who waits: how to give them what they wait for, and how to disappoint them. */
export interface Waiter<T> {
  give(what: T): void;
  refuse(error: unknown): void;
}

/** A line that is served in the order of arrival. */
export class WaitingList<T> {
  /** A set keeps the order of arrival, and lets go of one in its middle at no cost. */
  readonly #waiters = new Set<Waiter<T>>();

  get length(): number {
    return this.#waiters.size;
  }

  /** Puts one at the end; gives what takes it out again. */
  join(waiter: Waiter<T>): () => void {
    this.#waiters.add(waiter);
    return () => this.#waiters.delete(waiter);
  }

  /** Takes the first out of the line. */
  next(): Waiter<T> | undefined {
    const [first] = this.#waiters;
    if (first !== undefined) this.#waiters.delete(first);
    return first;
  }

  /** Sends everybody away. */
  refuseAll(error: unknown): void {
    for (let waiter = this.next(); waiter !== undefined; waiter = this.next()) waiter.refuse(error);
  }
}
