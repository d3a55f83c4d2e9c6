import type { CancelTimer, Clock } from "oligarchy-agentvm";
import type { WorkState } from "oligarchy-agentvm/worker";

/** Milliseconds for which a state is seen at the least. */
export const SEEN_MS = 300;

/**
 * What a character is seen doing. A state that is over sooner than one could see it stays for a moment; of what comes meanwhile the
 * newest follows, and before it the one in which most is done.
 */
export class Pose {
  readonly #clock: Clock;
  readonly #show: (state: WorkState) => void;
  #shown: WorkState | null = null;
  #since = 0;
  #next: WorkState[] = [];
  #cancel: CancelTimer | null = null;

  constructor(clock: Clock, show: (state: WorkState) => void) {
    this.#clock = clock;
    this.#show = show;
  }

  /** It is seen so from now on, or as soon as it can be. */
  take(state: WorkState): void {
    if ((this.#next.at(-1) ?? this.#shown) === state) return;
    const doing = this.#next.find((one) => one === "coding") ?? this.#next.find((one) => one !== "thinking");
    this.#next = doing === undefined || state === "coding" ? [state] : [doing, state];
    this.#go();
  }

  /** Nothing is shown any more. */
  close(): void {
    this.#next = [];
    this.#cancel?.();
    this.#cancel = null;
  }

  #go(): void {
    if (this.#cancel !== null) return;
    const left = this.#shown === null ? 0 : this.#since + SEEN_MS - this.#clock.now();
    if (left > 0) {
      this.#cancel = this.#clock.setTimeout(() => {
        this.#cancel = null;
        this.#go();
      }, left);
      return;
    }
    const [state, ...rest] = this.#next;
    if (state === undefined) return;
    this.#next = rest;
    if (state === this.#shown) return this.#go();
    this.#shown = state;
    this.#since = this.#clock.now();
    this.#show(state);
    if (rest.length > 0) this.#go();
  }
}
