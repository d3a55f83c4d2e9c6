import { remember } from "../../remember.js";

/** What was told of each thing, so that what is heard again is not told twice. */
export class Told {
  readonly #told = new Map<string, string>();
  readonly #most: number;

  /** @param most Things that are remembered. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether that is told of it for the first time, or anew after something else. */
  first(id: string, what: string): boolean {
    if (this.#told.get(id) === what) return false;
    remember(this.#told, id, what, this.#most);
    return true;
  }

  /** Forgets all. */
  clear(): void {
    this.#told.clear();
  }
}
