interface Holder {
  readonly workerId: string;
  readonly key: string;
}

/** The running tasks that are in the hands of workers: whose, and how many of each game. */
export class HeldTasks {
  readonly #byWorker = new Map<string, Set<string>>();
  readonly #holders = new Map<string, Holder>();
  readonly #byGame = new Map<string, number>();

  /** The tasks that a worker has. */
  of(workerId: string): ReadonlySet<string> {
    return this.#byWorker.get(workerId) ?? NONE;
  }

  /** How many tasks of a game workers have. */
  count(key: string): number {
    return this.#byGame.get(key) ?? 0;
  }

  add(taskId: string, workerId: string, key: string): void {
    this.remove(taskId);
    this.#holders.set(taskId, { workerId, key });
    const own = this.#byWorker.get(workerId);
    if (own === undefined) this.#byWorker.set(workerId, new Set([taskId]));
    else own.add(taskId);
    this.#byGame.set(key, this.count(key) + 1);
  }

  remove(taskId: string): void {
    const holder = this.#holders.get(taskId);
    if (holder === undefined) return;
    const { workerId, key } = holder;
    this.#holders.delete(taskId);
    const own = this.#byWorker.get(workerId);
    own?.delete(taskId);
    if (own?.size === 0) this.#byWorker.delete(workerId);
    const left = this.count(key) - 1;
    if (left > 0) this.#byGame.set(key, left);
    else this.#byGame.delete(key);
  }
}

const NONE: ReadonlySet<string> = new Set();
