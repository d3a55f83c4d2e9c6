import { IDEMPOTENCY_TTL_SECONDS } from "../../src/contract/limits.js";
import type { Clock } from "../../src/contract/index.js";

/** Records of one owner that are kept at the most; the oldest is forgotten for a new one. */
export const IDEMPOTENCY_RECORDS_MAX = 10_000;

/** What is known of a key: nothing, an answer to give again, or that it was used for another request. */
export type IdempotencyFinding<Answer> =
  | { readonly kind: "new" }
  | { readonly kind: "replay"; readonly answer: Answer }
  | { readonly kind: "conflict" };

interface Kept<Answer> {
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly bytes: number;
  readonly until: number;
}

/** What one owner's records are, the oldest first. */
interface Owned<Answer> {
  readonly kept: Map<string, Kept<Answer>>;
  bytes: number;
  /** When the newest of them is too old. */
  until: number;
}

/** How much may be kept. */
export interface IdempotencyBounds {
  /** Records of one owner; {@link IDEMPOTENCY_RECORDS_MAX} unless told otherwise. */
  readonly records?: number;
  /** Bytes that the answers of one owner may have. */
  readonly ownBytes: number;
  /** Bytes that all may have. Past it an owner that has more than an equal part loses its own oldest. */
  readonly allBytes: number;
}

/** The answers that were given to keyed requests, for 24 hours each, by owner and key. Whoever keeps many loses its own, and nobody else's. */
export class IdempotencyRecords<Answer> {
  readonly #clock: Clock;
  readonly #bounds: IdempotencyBounds;
  readonly #count: (owner: string, bytes: number) => void;
  /** The owner whose record was kept last stands last. */
  readonly #owners = new Map<string, Owned<Answer>>();
  #bytes = 0;

  /** @param count Told how many bytes more an owner's records have, or, below 0, fewer. */
  constructor(
    clock: Clock,
    bounds: IdempotencyBounds,
    count: (owner: string, bytes: number) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#count = count;
  }

  /** Records kept now. */
  get size(): number {
    let size = 0;
    for (const { kept } of this.#owners.values()) size += kept.size;
    return size;
  }

  /**
   * Tells what is known of an owner's key.
   *
   * @param fingerprint What makes two requests the same: the call and its body, in one text.
   */
  find(owner: string, key: string, fingerprint: string): IdempotencyFinding<Answer> {
    this.#forgetOld(owner);
    const kept = this.#owners.get(owner)?.kept.get(key);
    if (kept === undefined) return { kind: "new" };
    if (kept.fingerprint !== fingerprint) return { kind: "conflict" };
    return { kind: "replay", answer: kept.answer };
  }

  /** Keeps the answer to a request that {@link find} called new, which has so many bytes. */
  keep(owner: string, key: string, fingerprint: string, answer: Answer, bytes: number): void {
    const until = this.#clock.now() + IDEMPOTENCY_TTL_SECONDS * 1_000;
    const owned = this.#owners.get(owner) ?? { kept: new Map<string, Kept<Answer>>(), bytes: 0, until };
    this.#owners.delete(owner);
    this.#owners.set(owner, owned);
    this.#forget(owner, owned, key);
    owned.kept.set(key, { fingerprint, answer, bytes, until });
    owned.until = until;
    this.#add(owner, owned, bytes);
    const { records = IDEMPOTENCY_RECORDS_MAX, ownBytes, allBytes } = this.#bounds;
    for (const oldest of owned.kept.keys()) {
      const part = this.#bytes > allBytes ? allBytes / this.#owners.size : Infinity;
      if (owned.kept.size <= records && owned.bytes <= Math.min(ownBytes, part)) break;
      // The newest stays, however large it is: its answer may not have arrived.
      if (oldest !== key) this.#forget(owner, owned, oldest);
    }
  }

  /** Forgets all that is kept for an owner. */
  forget(owner: string): void {
    const owned = this.#owners.get(owner);
    if (owned === undefined) return;
    this.#add(owner, owned, -owned.bytes);
    this.#owners.delete(owner);
  }

  /** Forgets what is too old of this owner's, and the owners of whom all is. */
  #forgetOld(owner: string): void {
    const now = this.#clock.now();
    const own = this.#owners.get(owner);
    for (const [key, { until }] of own?.kept ?? []) {
      if (own === undefined || until > now) break;
      this.#forget(owner, own, key);
    }
    for (const [other, owned] of this.#owners) {
      if (owned.until > now) break;
      this.#add(other, owned, -owned.bytes);
      this.#owners.delete(other);
    }
  }

  #forget(owner: string, owned: Owned<Answer>, key: string): void {
    const kept = owned.kept.get(key);
    if (kept === undefined) return;
    owned.kept.delete(key);
    this.#add(owner, owned, -kept.bytes);
  }

  #add(owner: string, owned: Owned<Answer>, bytes: number): void {
    owned.bytes += bytes;
    this.#bytes += bytes;
    this.#count(owner, bytes);
  }
}
