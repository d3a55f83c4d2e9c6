import type { Clock } from "../../src/contract/index.js";

/** Callers that are counted at the same time; past it the one that was quiet longest is forgotten. */
export const RATE_BUCKETS_MAX = 10_000;

/** What the `RateLimit-*` and `Retry-After` headers tell. */
export interface RateVerdict {
  /** Requests a minute. */
  readonly limit: number;
  /** Requests that could be made at once now. */
  readonly remaining: number;
  /** Seconds until all of `limit` can be made at once again. */
  readonly resetSeconds: number;
  /** Null: allowed. Else the seconds after which it will be. */
  readonly retryAfterSeconds: number | null;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket per key: it holds a minute's worth and fills steadily. What is charged afterwards may empty it beyond nothing, by a minute's worth at the most. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #maximum: number;
  /** Least recently used first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, perMinute: number, maximum: number = RATE_BUCKETS_MAX) {
    this.#clock = clock;
    this.#limit = perMinute;
    this.#maximum = maximum;
  }

  /** Keys that are counted now; a key whose bucket is full again is forgotten. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Counts `n` requests of a key, if it has as many left; if not, counts none. */
  take(key: string, n = 1): RateVerdict {
    const bucket = this.#bucketOf(key);
    const allowed = bucket.tokens >= n;
    if (allowed) bucket.tokens -= n;
    // A request for more than a bucket holds can never pass; the time to fill the bucket is what can be told.
    const missing = Math.min(n, this.#limit) - bucket.tokens;
    return this.#verdict(bucket, allowed ? null : Math.max(1, this.#secondsFor(missing)));
  }

  /** Counts `n` requests' worth of a key, whether or not it has as many left: what a call that was let in has cost is known only then. */
  charge(key: string, n: number): RateVerdict {
    const bucket = this.#bucketOf(key);
    bucket.tokens = Math.max(-this.#limit, bucket.tokens - n);
    return this.#verdict(bucket, null);
  }

  /** A key's bucket as it is now, as the one that was used last. */
  #bucketOf(key: string): Bucket {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#limit, at: now };
    bucket.tokens = this.#tokensAt(bucket, now);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #verdict({ tokens, at }: Bucket, retryAfterSeconds: number | null): RateVerdict {
    this.#forget(at);
    return {
      limit: this.#limit,
      remaining: Math.max(0, Math.floor(tokens)),
      resetSeconds: this.#secondsFor(this.#limit - tokens),
      retryAfterSeconds,
    };
  }

  #tokensAt(bucket: Bucket, now: number): number {
    const passed = Math.max(0, now - bucket.at);
    return Math.min(this.#limit, bucket.tokens + (passed * this.#limit) / 60_000);
  }

  #secondsFor(tokens: number): number {
    return Math.ceil((tokens * 60) / this.#limit);
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#buckets.size <= this.#maximum && this.#tokensAt(bucket, now) < this.#limit) break;
      this.#buckets.delete(key);
    }
  }
}
