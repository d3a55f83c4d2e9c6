/** Places in scenarios at which answers wait, until somebody lets them go on. */
export class Waits {
  readonly #reached = new Map<string, Deferred>();
  readonly #released = new Map<string, Deferred>();

  /** Waits at a place, and tells that it is there. */
  at(name: string): Promise<void> {
    deferredIn(this.#reached, name).resolve();
    return deferredIn(this.#released, name).promise;
  }

  /** Resolves when an answer waits there, or has waited there. */
  reached(name: string): Promise<void> {
    return deferredIn(this.#reached, name).promise;
  }

  /** Lets what waits there go on, and what comes there later. */
  release(name: string): void {
    deferredIn(this.#released, name).resolve();
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
}

function deferredIn(all: Map<string, Deferred>, name: string): Deferred {
  const found = all.get(name);
  if (found !== undefined) return found;
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const made = { promise, resolve };
  all.set(name, made);
  return made;
}
