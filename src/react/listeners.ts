/** Components that look at something, which is followed while there are any. */
export class Listeners {
  readonly #begin: () => () => void;
  readonly #all = new Set<() => void>();
  #end = (): void => undefined;

  /** @param begin Begins to follow it, and gives what ends that. */
  constructor(begin: () => () => void) {
    this.#begin = begin;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own, so that a function that listens twice is called twice and ends once.
    const call = (): void => listener();
    if (this.#all.add(call).size === 1) this.#end = this.#begin();
    return () => {
      if (this.#all.delete(call) && this.#all.size === 0) this.#end();
    };
  };

  tell(): void {
    for (const listener of [...this.#all]) listener();
  }
}
