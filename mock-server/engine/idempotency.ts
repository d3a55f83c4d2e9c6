import { IDEMPOTENCY_TTL_SECONDS } from "../../src/contract/limits.js";
import type { Clock } from "../../src/contract/index.js";

/** Records that are kept at the most; the oldest is forgotten for a new one. */
export const IDEMPOTENCY_RECORDS_MAX = 10_000;

/** What is known of a key: nothing, an answer to give again, or that it was used for another request. */
export type IdempotencyFinding<Answer> =
  | { readonly kind: "new" }
  | { readonly kind: "replay"; readonly answer: Answer }
  | { readonly kind: "conflict" };

interface Kept<Answer> {
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly until: number;
}

/** The answers that were given to keyed requests, for 24 hours each, by caller and key. */
export class IdempotencyRecords<Answer> {
  readonly #clock: Clock;
  readonly #maximum: number;
  readonly #kept = new Map<string, Kept<Answer>>();

  constructor(clock: Clock, maximum: number = IDEMPOTENCY_RECORDS_MAX) {
    this.#clock = clock;
    this.#maximum = maximum;
  }

  /** Records kept now. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * Tells what is known of a caller's key.
   *
   * @param fingerprint What makes two requests the same: the call and its body, in one text.
   */
  find(callerId: string, key: string, fingerprint: string): IdempotencyFinding<Answer> {
    this.#forgetOld();
    const kept = this.#kept.get(nameOf(callerId, key));
    if (kept === undefined) return { kind: "new" };
    if (kept.fingerprint !== fingerprint) return { kind: "conflict" };
    return { kind: "replay", answer: kept.answer };
  }

  /** Keeps the answer to a request that {@link find} called new. */
  keep(callerId: string, key: string, fingerprint: string, answer: Answer): void {
    const name = nameOf(callerId, key);
    this.#kept.delete(name);
    this.#kept.set(name, {
      fingerprint,
      answer,
      until: this.#clock.now() + IDEMPOTENCY_TTL_SECONDS * 1_000,
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#maximum) break;
      this.#kept.delete(oldest);
    }
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [name, { until }] of this.#kept) {
      if (until > now) break;
      this.#kept.delete(name);
    }
  }
}

function nameOf(callerId: string, key: string): string {
  return `${callerId.length}:${callerId}${key}`;
}
