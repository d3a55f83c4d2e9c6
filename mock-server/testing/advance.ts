import type { BackendClock } from "../domain/index.js";
import { Macrotasks } from "../hosts/in-page/macrotasks.js";

/** Turns of the event loop after which what is under way in a page is done: a call and its answer, and what follows from that. */
const TURNS = 20;

/** Milliseconds of a backend's time after which something that was waited for is taken not to come: an hour. */
const WITHIN_MS = 3_600_000;

/** Lets everything go on that does not wait for a clock: calls, their answers, events, functions that work. */
export async function settled(): Promise<void> {
  const tasks = new Macrotasks();
  const release = tasks.retain();
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise<void>((resolve) => {
      tasks.post(resolve);
    });
  }
  release();
}

/**
 * Lets a backend's time go on, from one thing that is due to the next and with all that follows from it in between, until a promise
 * is settled, and gives what that gives.
 *
 * @param within Milliseconds of the backend's time after which it is given up. Default an hour.
 * @throws What the promise is rejected with; Error when nothing is due any more, or the time is over, and it has not settled.
 *
 * @example
 * const result = await advanceUntil(backend, task.result());
 */
export async function advanceUntil<T>(
  { clock }: { readonly clock: BackendClock },
  promise: Promise<T>,
  { within = WITHIN_MS }: { readonly within?: number } = {},
): Promise<T> {
  const state = { isSettled: false };
  const done = () => {
    state.isSettled = true;
  };
  promise.then(done, done);
  const end = clock.now() + within;
  await settled();
  while (!state.isSettled) {
    const { untilDue } = clock;
    if (untilDue === Infinity)
      throw new Error("The promise has not settled, and nothing is due on the backend's clock any more.");
    if (clock.now() + untilDue > end)
      throw new Error(`The promise has not settled within ${within} ms of the backend's time.`);
    clock.advance(untilDue);
    await settled();
  }
  return promise;
}
