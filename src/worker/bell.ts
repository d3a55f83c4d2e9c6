import type { CancelTimer, Clock } from "../contract/index.js";
import { onAbort } from "../contract/on-abort.js";

/** Wakes one who waits, at the latest when a time is over. What rings while nobody waits is heard by the next who does. */
export class Bell {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Waits until it rings, or for so many milliseconds; null: for as long as it takes. */
  async wait(ms: number | null): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        let cancel: CancelTimer = () => undefined;
        this.#wake = () => {
          this.#wake = null;
          cancel();
          resolve();
        };
        if (ms !== null) cancel = this.#clock.setTimeout(this.#wake, ms);
      });
    }
    this.#rung = false;
  }
}

/** Waits so many milliseconds, or until the signal is aborted. */
export function aWhile(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      forget();
      resolve();
    };
    const cancel = clock.setTimeout(end, ms);
    const forget = onAbort(signal, end);
  });
}
