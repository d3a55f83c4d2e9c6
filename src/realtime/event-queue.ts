import { AgentVMError, CancelledError } from "../errors/index.js";

/** Events that an iterator holds for a reader that is slower than they come, when it is not told otherwise. */
export const QUEUE_CAPACITY = 1_000;

/** What an iterator does with an event that there is no room for. */
export type Overflow = "drop-oldest" | "error";

/** How an {@link EventQueue} behaves. */
export interface EventQueueOptions {
  /** `drop-oldest` (the default) lets the oldest held event go; `error` ends the iterator with an error. */
  readonly overflow?: Overflow | undefined;
  /** Events that are held at the most; 1000 unless told. */
  readonly capacity?: number | undefined;
  /** Ends the iterator with a `CancelledError` when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** Events as an async iterator. It holds from the moment it is made, so nothing between that and the first `next` is missed. */
export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #capacity: number;
  readonly #overflow: Overflow;
  readonly #signal: AbortSignal | undefined;
  readonly #onDropped: () => void;
  readonly #onEnd: (queue: EventQueue<T>) => void;
  #held: T[] = [];
  /** Where the held events begin; the array is cut from time to time only, since that moves all of it. */
  #head = 0;
  #waiting: Waiting<T>[] = [];
  #error: Error | null = null;
  #ended = false;
  #dropped = 0;

  /** `onDropped` is called when an event is let go for the first time, `onEnd` when no more is taken. */
  constructor(
    options: EventQueueOptions,
    hooks: { onDropped: () => void; onEnd: (queue: EventQueue<T>) => void },
  ) {
    this.#capacity = Math.max(1, Math.floor(options.capacity ?? QUEUE_CAPACITY));
    this.#overflow = options.overflow ?? "drop-oldest";
    this.#signal = options.signal;
    this.#onDropped = hooks.onDropped;
    this.#onEnd = hooks.onEnd;
    if (this.#signal?.aborted === true) this.#cancel();
    else this.#signal?.addEventListener("abort", this.#cancel, { once: true });
  }

  /** Events that were let go since the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  push(event: T): void {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ value: event, done: false });
      return;
    }
    if (this.#held.length - this.#head >= this.#capacity) {
      if (this.#overflow === "error") {
        this.end(overflowed(this.#capacity));
        return;
      }
      this.#take();
      this.#dropped += 1;
      if (this.#dropped === 1) this.#onDropped();
    }
    this.#held.push(event);
  }

  /** Takes no more. What is held can still be read; then the iterator is done, or throws `error`. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#signal?.removeEventListener("abort", this.#cancel);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of waiting) {
      if (this.#error === null) resolve({ value: undefined, done: true });
      else {
        reject(this.#error);
        this.#error = null;
      }
    }
    this.#onEnd(this);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#head < this.#held.length) {
      const value = this.#take();
      if (value !== undefined) return { value, done: false };
    }
    if (this.#ended) {
      const error = this.#error;
      this.#error = null;
      if (error !== null) throw error;
      return { value: undefined, done: true };
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#held = [];
    this.#head = 0;
    this.end();
    this.#error = null;
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): T | undefined {
    const value = this.#held[this.#head];
    this.#head += 1;
    if (this.#head >= 64 && this.#head * 2 >= this.#held.length) {
      this.#held = this.#held.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }

  readonly #cancel = (): void => {
    this.#held = [];
    this.#head = 0;
    this.end(
      new CancelledError("The reading of events was cancelled by its signal.", {
        code: "cancelled",
        outcome: "not_sent",
        remediation: "Ask for the events again when they are wanted.",
      }),
    );
  };
}

function overflowed(capacity: number): AgentVMError {
  return new AgentVMError(`The reader of events fell more than ${capacity} events behind.`, {
    code: "events_overflow",
    outcome: "unknown",
    remediation:
      'Read faster, name the types that are needed, raise `capacity`, or use overflow "drop-oldest".',
  });
}
