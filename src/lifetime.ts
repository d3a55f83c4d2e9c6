import { onAbort } from "./contract/on-abort.js";
import type { Clock } from "./contract/index.js";
import { CancelledError } from "./errors/cancelled-error.js";
import { ClosedError } from "./errors/closed-error.js";
import type { Outcome } from "./errors/index.js";

/** Milliseconds that a call may take which tells the server that the client is gone. */
export const GOODBYE_MS = 2_000;

/** What is under way in one client, so that `close()` can end all of it. */
export class Lifetime {
  #stops: Set<() => void> | null = new Set();

  /** Whether the client was closed. */
  get isOver(): boolean {
    return this.#stops === null;
  }

  /** Pieces of work that are under way. */
  get size(): number {
    return this.#stops?.size ?? 0;
  }

  /** Has `stop` called when the client closes, unless it is forgotten before. */
  add(stop: () => void): void {
    this.#stops?.add(stop);
  }

  forget(stop: () => void): void {
    this.#stops?.delete(stop);
  }

  /** Ends everything that is under way; what comes later is refused. */
  end(): void {
    const stops = this.#stops;
    this.#stops = null;
    for (const stop of stops ?? []) stop();
  }
}

/** The error for work that was ended from outside: by `close()`, or else by the caller's signal. */
export function stopError(lifetime: Lifetime, what: string, outcome: Outcome): CancelledError | ClosedError {
  return lifetime.isOver
    ? new ClosedError(`${what}: the client is closed.`, {
        code: "closed",
        outcome,
        remediation: "Make a new AgentVM.",
      })
    : new CancelledError(`${what}: cancelled by its signal.`, {
        code: "cancelled",
        outcome,
        remediation: "Call again when it is wanted after all.",
      });
}

/** Throws when there is no point in beginning. */
export function assertLive(lifetime: Lifetime, signal: AbortSignal | undefined, what: string): void {
  if (lifetime.isOver || signal?.aborted === true) throw stopError(lifetime, what, "not_sent");
}

/**
 * Waits for one piece of work that `close()` and the caller's signal can end. `begin` starts it and returns
 * what lets go of it, which is called once, however the work ends.
 */
export function stoppable<T>(
  lifetime: Lifetime,
  signal: AbortSignal | undefined,
  stopped: () => Error,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  // A signal that was aborted before tells nobody again.
  if (lifetime.isOver || signal?.aborted === true) return Promise.reject(stopped());
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      lifetime.forget(stop);
      forgetSignal();
      letGo();
    };
    const stop = (): void => {
      finish();
      reject(stopped());
    };
    const fail = (error: unknown): void => {
      finish();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it came
      reject(error);
    };
    lifetime.add(stop);
    const forgetSignal = onAbort(signal, stop);
    const letGo = begin((value) => {
      finish();
      resolve(value);
    }, fail);
  });
}

/** Waits on the clock; `close()` and the signal end the wait with `stopped()`. */
export function sleep(
  clock: Clock,
  delayMs: number,
  lifetime: Lifetime,
  signal: AbortSignal | undefined,
  stopped: () => Error,
): Promise<undefined> {
  return stoppable(lifetime, signal, stopped, (resolve) =>
    clock.setTimeout(() => resolve(undefined), delayMs),
  );
}
