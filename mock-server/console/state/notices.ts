import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { Clock } from "../../../src/slim.js";
import { isAgentVMError } from "../../../src/slim.js";

/** Something to tell the person at the console. */
export interface Notice {
  readonly number: number;
  readonly kind: "done" | "failed";
  readonly text: string;
}

/** Milliseconds for which a success is shown; a failure stays until it is closed, or four newer ones push it out. */
const SHOWN_MS = 5_000;

const NOTICES_MAX = 4;

/** What an error says, with what to do about it. */
export function describeError(error: unknown): string {
  if (isAgentVMError(error)) return `${error.message} ${error.remediation}`.trim();
  return error instanceof Error ? error.message : String(error);
}

/** What is told in the corner of the console. */
export class Notices {
  readonly list: Signal<readonly Notice[]> = signal([]);
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  done(text: string): void {
    // The newest alone: what was done before it has been seen, and would hide what it did.
    this.list.value = this.list.value.filter(({ kind }) => kind === "failed");
    const { number } = this.#add("done", text);
    const cancel = this.#clock.setTimeout(() => {
      this.#timers.delete(cancel);
      this.dismiss(number);
    }, SHOWN_MS);
    this.#timers.add(cancel);
  }

  failed(error: unknown): void {
    this.#add("failed", describeError(error));
  }

  dismiss(number: number): void {
    this.list.value = this.list.value.filter((notice) => notice.number !== number);
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
  }

  #add(kind: Notice["kind"], text: string): Notice {
    const notice = { number: (this.#last += 1), kind, text };
    this.list.value = [...this.list.value, notice].slice(-NOTICES_MAX);
    return notice;
  }
}
