import { LISTENERS_MAX } from "./bounds.js";
import { EngineError } from "./errors.js";

/** Functions that are told of something. One that throws hurts itself alone: `report` is told, the others go on. */
export class Listeners<A extends unknown[]> {
  readonly #listeners = new Set<{ readonly call: (...told: A) => void }>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: (...told: A) => void): () => void {
    if (this.#listeners.size >= LISTENERS_MAX) {
      throw new EngineError("unavailable", `There are ${LISTENERS_MAX} listeners already; undo some first.`, {
        retryAfterSeconds: 60,
      });
    }
    // The same function twice is two listeners, each with its own undo.
    const entry = { call: listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  tell(...told: A): void {
    for (const { call } of this.#listeners) {
      try {
        call(...told);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
