import { AgentVMError } from "../../errors/agentvm-error.js";

/** Events that an iterator holds for a reader that is slower than they come, when it is not told otherwise. */
export const QUEUE_CAPACITY = 1_000;

/** How an iterator of events behaves. */
export interface EventQueueOptions {
  /**
   * What happens to an event that there is no room for: `drop-oldest` (the default) lets the oldest held event go,
   * `error` ends the iterator with an error.
   */
  readonly overflow?: "drop-oldest" | "error" | undefined;
  /** Events that are held at the most; 1000 unless told. */
  readonly capacity?: number | undefined;
  /** Ends the iterator with a `CancelledError` when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Events for one reader. It holds from the moment it is made, so nothing before the first `next` is missed. */
export class EventQueue<T> {
  readonly #options: EventQueueOptions;
  #held: T[] = [];
  /** Where the held events begin; the array is cut from time to time only, since that moves all of it. */
  #head = 0;
  #wake: (() => void) | null = null;
  #error: Error | null = null;
  #ended = false;
  /** Called once, when no more is taken. */
  onEnd: (() => void) | null = null;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Events that wait for the reader. */
  get size(): number {
    return this.#held.length - this.#head;
  }

  /** Takes an event; false when it, or an older one, had to be let go. */
  push(event: T): boolean {
    const { capacity = QUEUE_CAPACITY, overflow } = this.#options;
    const isFull = this.size >= Math.max(1, capacity);
    if (isFull && overflow === "error") {
      this.end(overflowed(capacity));
      return false;
    }
    if (isFull) this.#take();
    this.#held.push(event);
    this.#wake?.();
    return !isFull;
  }

  /** Takes no more. What is held can still be read; then the iterator is done, or throws `error`. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
    this.onEnd?.();
  }

  /** Lets go of what is held. */
  clear(): void {
    this.#held = [];
    this.#head = 0;
  }

  /** The one reader. */
  read(): AsyncIterableIterator<T, undefined> {
    const reading = this.#read();
    return {
      next: () => reading.next(),
      return: () => {
        // A generator that was never begun, or that waits, would not notice.
        this.clear();
        this.end();
        return reading.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#read(): AsyncGenerator<T, undefined> {
    for (;;) {
      while (this.#head < this.#held.length) yield* this.#take();
      if (this.#ended) break;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
    return undefined;
  }

  #take(): T[] {
    const taken = this.#held.slice(this.#head, this.#head + 1);
    this.#head += 1;
    if (this.#head >= 64 && this.#head * 2 >= this.#held.length) {
      this.#held = this.#held.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}

function overflowed(capacity: number): AgentVMError {
  return new AgentVMError(`The reader of events is more than ${capacity} events behind.`, {
    code: "events_overflow",
    outcome: "unknown",
    remediation: "Read faster, name the types that are needed, or raise `capacity`.",
  });
}
