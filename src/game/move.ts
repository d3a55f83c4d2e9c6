/**
 * A move that was asked for. Leave it alone, and it goes out with the others when it is its time, or not at all when a newer one
 * of the same agent has taken its place. Await it, and it goes out at once, and you get the server's answer or the error.
 */
export interface Move<A> extends PromiseLike<A> {
  catch<T = never>(failed: (reason: unknown) => T | PromiseLike<T>): Promise<A | T>;
  finally(settled: () => void): Promise<A>;
}

/** One that asks the server when somebody first wants to know, and once. A promise that costs next to nothing until then. */
export class LazyMove<A> implements Move<A> {
  readonly #ask: () => Promise<A>;
  #answer: Promise<A> | null = null;

  constructor(ask: () => Promise<A>) {
    this.#ask = ask;
  }

  then<T = A, F = never>(
    done?: ((answer: A) => T | PromiseLike<T>) | null,
    failed?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<T | F> {
    return this.#asked().then(done, failed);
  }

  catch<T = never>(failed: (reason: unknown) => T | PromiseLike<T>): Promise<A | T> {
    return this.#asked().catch(failed);
  }

  finally(settled: () => void): Promise<A> {
    return this.#asked().finally(settled);
  }

  #asked(): Promise<A> {
    return (this.#answer ??= this.#ask());
  }
}
