/**
 * A move that was asked for. Leave it alone, and it goes out with the others when it is its time, or not at all when a newer one
 * of the same agent has taken its place. Await it, and it goes out at once, or the agent's newest place in its stead, and you get the
 * server's answer or the error.
 */
export interface Move<A> extends PromiseLike<A> {
  catch<T = never>(failed: (reason: unknown) => T | PromiseLike<T>): Promise<A | T>;
  finally(settled: () => void): Promise<A>;
}

/** What is asked of the server when somebody wants to know. */
export interface MoveQuestion<A> {
  /** Another for each move: the same one is asked for once. */
  readonly version: number;
  ask(): Promise<A>;
}

/** One that asks the server when somebody first wants to know. A promise that costs nothing until then. */
export class LazyMove<A> implements Move<A> {
  readonly #question: MoveQuestion<A>;
  #asked = NaN;
  #answer: Promise<A> | null = null;

  constructor(question: MoveQuestion<A>) {
    this.#question = question;
  }

  then<T = A, F = never>(
    done?: ((answer: A) => T | PromiseLike<T>) | null,
    failed?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<T | F> {
    return this.#get().then(done, failed);
  }

  catch<T = never>(failed: (reason: unknown) => T | PromiseLike<T>): Promise<A | T> {
    return this.#get().catch(failed);
  }

  finally(settled: () => void): Promise<A> {
    return this.#get().finally(settled);
  }

  #get(): Promise<A> {
    const { version } = this.#question;
    if (this.#answer === null || version !== this.#asked) {
      this.#asked = version;
      this.#answer = this.#question.ask();
    }
    return this.#answer;
  }
}
