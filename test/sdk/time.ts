import { createBackendClock } from "../../mock-server/domain/index.js";
import type { Clock } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import type { BackendClock } from "../../mock-server/domain/index.js";

/** A clock that stands still until it is told to move. */
export function manualClock(): BackendClock {
  return createBackendClock("manual");
}

/** Lets everything run that waits for no clock: promises, streams, local sockets' callbacks. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock on, bit by bit, until the promise is settled, and gives what it came to. */
export async function inTime<T>(clock: BackendClock, promise: Promise<T>, stepMs = 100): Promise<T> {
  let settled = 0;
  const isPending = (): boolean => settled === 0;
  const done = (): void => {
    settled = 1;
  };
  promise.then(done, done);
  await loadLateCode();
  for (let step = 0; isPending(); step += 1) {
    if (step > 20_000) throw new Error(`Not settled after ${step * stepMs} ms of the clock.`);
    await settle(4);
    if (isPending()) clock.advance(stepMs);
  }
  return promise;
}

/**
 * A clock for real connections: waits of under ten seconds are over as soon as the machine comes to it, and time
 * limits, which are longer, never are.
 */
export function hastyClock(): Clock {
  return {
    now: () => 0,
    setTimeout: (callback, delayMs) => {
      if (delayMs >= 10_000) return () => undefined;
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
  };
}

/** What a promise was rejected with. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It was expected to fail, and did not.");
}
