import { onAbort } from "../../src/contract/on-abort.js";
import type { TaskOutputLine } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { Engine, Scope } from "../domain/index.js";

/** Outputs that are followed at the same time; past it another is refused with `unavailable`. */
export const OUTPUT_STREAMS_MAX = 1_000;

/** What to follow. */
export interface OutputRequest {
  readonly scope: Scope;
  readonly taskId: string;
  /** Bytes to skip. */
  readonly offset: number;
  readonly signal: AbortSignal | undefined;
}

/** The outputs of tasks as lines of JSON, each from its offset to the task's end. */
export interface OutputStreams {
  /**
   * Follows a task's output. Pieces come when they are asked for, so a slow reader holds nothing in memory.
   * It ends with the task, with `return()`, and with the caller's signal.
   *
   * @throws EngineError `task_not_found`, or `unavailable` when too many are followed.
   */
  open(request: OutputRequest): AsyncIterable<string>;
  /** How many are followed now. */
  readonly size: number;
  /** Breaks all of them off: readers see a connection that died. */
  close(): void;
}

/** Makes the streams over an engine. */
export function createOutputStreams(engine: Engine): OutputStreams {
  const streams = new Set<OutputStream>();
  return {
    open(request) {
      engine.tasks.get(request.scope, request.taskId);
      if (streams.size >= OUTPUT_STREAMS_MAX) {
        throw new EngineError(
          "unavailable",
          `The server streams ${OUTPUT_STREAMS_MAX} outputs at the same time and no more.`,
          { retryAfterSeconds: 5 },
        );
      }
      const stream = new OutputStream(engine, request, (ended) => streams.delete(ended));
      if (!stream.ended) streams.add(stream);
      return stream;
    },
    get size() {
      return streams.size;
    },
    close() {
      for (const stream of [...streams]) stream.breakOff();
    },
  };
}

/** Written out instead of as a generator: a generator's `return()` waits for the piece that may never come. */
class OutputStream implements AsyncIterableIterator<string> {
  readonly #engine: Engine;
  readonly #request: OutputRequest;
  readonly #unsubscribe: () => void;
  readonly #forgetSignal: () => void;
  readonly #onEnd: (stream: OutputStream) => void;
  #offset: number;
  #ended = false;
  #broken = false;
  #wake: (() => void) | null = null;

  constructor(engine: Engine, request: OutputRequest, onEnd: (stream: OutputStream) => void) {
    this.#engine = engine;
    this.#request = request;
    this.#offset = request.offset;
    this.#onEnd = onEnd;
    this.#unsubscribe = engine.outputs.subscribe(request.taskId, () => this.#stir());
    this.#forgetSignal = onAbort(request.signal, this.#end);
    if (request.signal?.aborted === true) this.#end();
  }

  get ended(): boolean {
    return this.#ended;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    while (!this.#ended) {
      const text = this.#read();
      if (text !== "") return { done: false, value: text };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#broken) throw new Error("The server went away while it streamed a task's output.");
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  breakOff(): void {
    this.#broken = true;
    this.#end();
  }

  #read(): string {
    try {
      const { scope, taskId } = this.#request;
      const slice = this.#engine.tasks.output(scope, taskId, this.#offset);
      this.#offset = slice.next_offset;
      if (slice.lines.length > 0) return slice.lines.map(lineOf).join("");
      if (slice.ended === null) return "";
      this.#end();
      return lineOf({ done: true, status: slice.ended });
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#unsubscribe();
    this.#forgetSignal();
    this.#onEnd(this);
    this.#stir();
  };
}

function lineOf(line: TaskOutputLine): string {
  return `${JSON.stringify(line)}\n`;
}
