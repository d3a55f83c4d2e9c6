import type { Clock } from "oligarchy-agentvm";

/** Notices when a program says nothing for too long. */
export interface Watchdog {
  /** It has said something. */
  heard(): void;
  /** It waits for somebody else until a promise is settled. */
  waitsFor<T>(answer: Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Watches over a program's silence.
 *
 * @param excused Whether its silence is nobody's fault but ours: what it has written is not read yet.
 */
export function createWatchdog(
  clock: Clock,
  silentMs: number,
  excused: () => boolean,
  onSilence: () => void,
): Watchdog {
  let last = clock.now();
  let waiting = 0;
  let closed = false;
  let cancel = (): void => undefined;
  const arm = (ms: number): void => {
    const due = clock.now() + ms;
    cancel = clock.setTimeout(() => {
      const now = clock.now();
      const left = last + silentMs - now;
      // A machine that has slept wakes up late: then nobody was silent.
      const slept = now - due > silentMs / 2;
      if (waiting === 0 && !excused() && !slept && left <= 0) onSilence();
      else arm(left > 0 ? left : silentMs);
    }, ms);
  };
  arm(silentMs);
  return {
    heard: () => void (last = clock.now()),
    waitsFor: async (answer) => {
      waiting += 1;
      try {
        return await answer;
      } finally {
        waiting -= 1;
        last = clock.now();
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      cancel();
    },
  };
}
