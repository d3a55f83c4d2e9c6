/** Work that is done one after the other, in the order in which it was asked for. That some of it fails holds nothing up. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does work when all before it is done. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
