/** Forgets a timer; after it has fired, or the second time, it does nothing. */
export type CancelTimer = () => void;

/**
 * Time as it is handed to both sides. Nothing in this package reads the machine's clock but through one,
 * so that a test or a game decides how time goes.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `callback` once, after `delayMs` milliseconds of this clock, unless the timer is forgotten before. */
  setTimeout(callback: () => void, delayMs: number): CancelTimer;
}

/** A source of numbers from 0 up to but not including 1. */
export type Random = () => number;

/** The machine's finest count of milliseconds, from any beginning: for how long something takes. */
export function systemStopwatch(): () => number {
  return () => performance.now();
}

/** The longest delay that a machine's timer takes: with a longer one it would be over at once. */
export const TIMER_MAX_MS = 2_147_483_647;

/** The machine's own clock. It waits for as long as it is told to, in pieces where that is more than a timer takes. */
export function systemClock(): Clock {
  return { now: () => Date.now(), setTimeout: startTimer };
}

function startTimer(callback: () => void, delayMs: number): CancelTimer {
  if (delayMs <= TIMER_MAX_MS) {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  }
  let cancel = startTimer(() => {
    cancel = startTimer(callback, delayMs - TIMER_MAX_MS);
  }, TIMER_MAX_MS);
  return () => cancel();
}
