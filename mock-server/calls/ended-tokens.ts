/** Ended tokens that are remembered; the one that ended first is forgotten for a new one. */
export const ENDED_TOKENS_MAX = 10_000;

/**
 * Tokens of sessions that are over. Who shows one is no stranger who guesses, and has to be told that its session is over, however many of those
 * there are: from that alone it knows that it has to connect again. A restart of the backend ends the sessions and does not forget this.
 */
export class EndedTokens {
  readonly #tokens = new Set<string>();
  readonly #maximum: number;

  constructor(maximum: number = ENDED_TOKENS_MAX) {
    this.#maximum = maximum;
  }

  add(token: string): void {
    this.#tokens.add(token);
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= this.#maximum) break;
      this.#tokens.delete(oldest);
    }
  }

  has(token: string): boolean {
    return this.#tokens.has(token);
  }

  clear(): void {
    this.#tokens.clear();
  }
}
