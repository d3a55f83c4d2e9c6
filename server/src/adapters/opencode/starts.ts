import type { TaskServer } from "./server.js";

/** What came of a start: the server, or what it said where there is none. */
type Started = TaskServer | string;

/**
 * Starts servers, of which the first makes opencode's database: two that do so at the same time get in each other's way, and one of them ends.
 * So the others wait until one has listened, and from then on nobody waits.
 */
export class Starts {
  #hasListened = false;
  #first: Promise<Started> | null = null;

  /** Does a start in its turn. While it waits, it ends when the signal is aborted, with its reason. */
  async take(start: () => Promise<Started>, signal: AbortSignal): Promise<Started> {
    while (!this.#hasListened && this.#first !== null) {
      await this.#first.catch(() => undefined);
      signal.throwIfAborted();
    }
    if (this.#hasListened) return start();
    const first = start();
    this.#first = first;
    try {
      const started = await first;
      this.#hasListened = typeof started !== "string";
      return started;
    } finally {
      this.#first = null;
    }
  }
}
