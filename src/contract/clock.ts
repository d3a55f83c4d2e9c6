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

/** The machine's own clock. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimeout: (callback, delayMs) => {
      const handle = setTimeout(callback, delayMs);
      return () => {
        clearTimeout(handle);
      };
    },
  };
}
