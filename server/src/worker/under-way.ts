import type { Work } from "oligarchy-agentvm/worker";

/** Work on tasks that has begun and is not at its end, whether anybody still waits for it or not. */
export class UnderWay {
  readonly #doing = new Set<Promise<void>>();

  /** The same work, which is known here from its beginning to its end. */
  of(work: Work): Work {
    return (task, job) => {
      const outcome = Promise.resolve(work(task, job));
      const nothing = (): void => undefined;
      const doing = outcome.then(nothing, nothing);
      this.#doing.add(doing);
      void doing.then(() => this.#doing.delete(doing));
      return outcome;
    };
  }

  /** Waits until all that has begun is at its end. */
  async ended(): Promise<void> {
    await Promise.all(this.#doing);
  }
}
