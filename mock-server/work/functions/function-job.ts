import * as z from "../../../src/contract/zod.js";
import type { Agent, Clock, Position } from "../../../src/contract/index.js";
import { positionSchema, shareSchema } from "../../../src/contract/primitives.js";
import { check, describeProblems } from "../../../src/contract/schema.js";
import type { Schema } from "../../../src/contract/schema.js";
import { workStateSchema } from "../../../src/contract/work-states.js";
import type {
  WorkAnswer,
  WorkChild,
  WorkJob,
  WorkQuestion,
  WorkState,
  WorkUsage,
} from "../../../src/worker/types.js";
import { usageOf } from "../changes-of.js";
import type { Answer, Job } from "../work.js";

const streamSchema = z.literal(["stdout", "stderr"]);

/** Characters of a message of progress. */
const MESSAGE_MAX = 1_000;

interface Waiting {
  readonly reject: (reason: Error) => void;
  readonly cancel: () => void;
}

/** What a function has in hand: the same as any worker of the domain, in promises, with what it reports looked at first. */
export class FunctionJob implements WorkJob {
  readonly agent: Agent;
  readonly attempt: number;
  readonly #job: Job;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #asked: { readonly id: string; readonly resolve: (answer: WorkAnswer) => void } | null = null;
  #children = 0;
  /** Why the task is over. */
  #reason: Error | null = null;

  constructor(job: Job, clock: Clock) {
    this.agent = job.agent;
    this.attempt = job.task.attempt;
    this.#job = job;
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  state(state: WorkState): boolean {
    return this.#job.state(fitting(workStateSchema, state, "state"));
  }

  place(position: Position): boolean {
    return this.#job.place(fitting(positionSchema, position, "position"));
  }

  progress(share: number | null, message = this.#job.task.message): boolean {
    const far = share === null ? null : fitting(shareSchema, share, "share");
    return this.#job.progress(far, textOf(message, "message").slice(0, MESSAGE_MAX));
  }

  write(text: string, stream: "stdout" | "stderr" = "stdout"): boolean {
    return this.#job.write(textOf(text, "text"), fitting(streamSchema, stream, "stream"));
  }

  usage(usage: WorkUsage): boolean {
    return this.#job.usage(usageOf(usage));
  }

  ask(question: WorkQuestion): Promise<WorkAnswer> {
    return quiet(this.#ask(question));
  }

  async #ask(question: WorkQuestion): Promise<WorkAnswer> {
    if (this.#reason !== null) throw this.#reason;
    const { options = [], kind = options.length === 0 ? "text" : "choice", ...rest } = question;
    const id = this.#job.ask({ ...rest, kind, ...(options.length > 0 && { options: [...options] }) });
    if (id === null) throw over();
    return this.#until((resolve) => {
      this.#asked = { id, resolve };
      return () => (this.#asked = null);
    });
  }

  /** The question that is open was answered. */
  answered({ question_id, choice, text, by }: Answer): void {
    if (this.#asked?.id !== question_id) return;
    this.#asked.resolve({
      ...(choice !== null && { choice }),
      ...(text !== null && { text }),
      by: by === "time" || by === "worker" ? by : "player",
    });
  }

  wait(ms: number): Promise<void> {
    return quiet(this.#wait(ms));
  }

  async #wait(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new TypeError(`wait() takes milliseconds from 0 up, not ${ms}.`);
    if (this.#reason !== null) throw this.#reason;
    return this.#until((resolve) => this.#clock.setTimeout(() => resolve(undefined), ms));
  }

  child(name: string): WorkChild | null {
    const job = this.#job;
    const id = String((this.#children += 1));
    if (job.child(id, { name: textOf(name, "name"), state: "thinking" }) === null) return null;
    return {
      name,
      state: (state) => job.child(id, { state: fitting(workStateSchema, state, "state") }) !== null,
      gone: () => job.child(id, "gone") !== null,
    };
  }

  /** Tells the function that its task is over, and what waits. */
  abort(reason: Error): void {
    this.#reason = reason;
    this.#abort.abort(reason);
    this.#letGo(reason);
  }

  /** The function is done; what it left waiting waits for nothing. */
  close(): void {
    this.#letGo(over());
  }

  #letGo(reason: Error): void {
    for (const one of [...this.#waiting]) one.reject(reason);
  }

  /** Waits until what was begun comes to its end, or the task does. */
  #until<T>(begin: (resolve: (value: T) => void) => () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        waiting.cancel();
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        cancel: begin((value) => {
          settle();
          resolve(value);
        }),
        reject(reason) {
          settle();
          reject(reason);
        },
      };
      this.#waiting.add(waiting);
    });
  }
}

/** That a function does not wait for it any more is no fault of the program's that nobody catches. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function over(): Error {
  return new DOMException("The task is over.", "AbortError");
}

function textOf(text: unknown, name: string): string {
  if (typeof text === "string") return text;
  throw new TypeError(`The ${name} must be a text.`);
}

/** @throws TypeError that says what a report must be. */
function fitting<T>(schema: Schema<T>, value: unknown, name: string): T {
  const checked = check(schema, value, name);
  if (checked.ok) return checked.value;
  throw new TypeError(`A report is wrong: ${describeProblems(checked.problems)}.`);
}
