/** The first retry comes within this many milliseconds. */
export const BACKOFF_BASE_MS = 250;

/** No retry is put off by more than this many milliseconds, but where the server asked for later. */
export const BACKOFF_CAP_MS = 30_000;

/** Milliseconds to wait at the least where the server said that it is too busy. */
export const BUSY_WAIT_MS = 5_000;

/** After a wake, retries are spread over this many milliseconds: a network that comes back wakes many at once. */
export const WAKE_SPREAD_MS = 250;

/**
 * Full jitter: anywhere between nothing and the ceiling, and the ceiling doubles with each attempt.
 * `chance` is from 0 up to but not including 1, `attempt` is 0 for the first retry.
 */
export function fullJitter(attempt: number, chance: number): number {
  return Math.floor(chance * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** attempt));
}
