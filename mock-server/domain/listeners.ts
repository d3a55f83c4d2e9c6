import { LISTENERS_MAX } from "./bounds.js";
import { EngineError } from "./errors.js";

interface Entry<A extends unknown[]> {
  readonly call: (...told: A) => void;
}

/** Functions that are told of something. One that throws hurts itself alone: `report` is told, the others go on. */
export class Listeners<A extends unknown[]> {
  readonly #listeners = new Set<Entry<A>>();
  /** The same as a list, made anew when they change: what is told is told many times, and each walk through a set leaves garbage. */
  #list: readonly Entry<A>[] = [];
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
    this.#list = [];
    return () => {
      this.#listeners.delete(entry);
      this.#list = [];
    };
  }

  #told(error: unknown): void {
    try {
      this.#report(error);
    } catch {
      // Who is told of errors may not add to them.
    }
  }

  tell(...told: A): void {
    if (this.#listeners.size === 0) return;
    if (this.#list.length !== this.#listeners.size) this.#list = [...this.#listeners];
    for (const entry of this.#list) {
      // One that was undone meanwhile is told no more.
      if (!this.#listeners.has(entry)) continue;
      try {
        entry.call(...told);
      } catch (error) {
        this.#told(error);
      }
    }
  }
}
