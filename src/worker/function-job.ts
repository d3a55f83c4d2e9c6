import * as z from "../contract/zod.js";
import type { Agent, Ask, Clock, Position, Task, Usage, WorkerAnswer } from "../contract/index.js";
import { positionSchema, shareSchema } from "../contract/primitives.js";
import { workStateSchema } from "../contract/work-states.js";
import type { WorkAnswer, WorkChild, WorkJob, WorkQuestion, WorkState, WorkUsage } from "./types.js";
import { usageOf } from "./changes-of.js";
import { fitting } from "./fitting.js";

const streamSchema = z.literal(["stdout", "stderr"]);

/** Characters of a message of progress. */
const MESSAGE_MAX = 1_000;

/** Where the reports of a function go: into the domain of a backend in the same process, or to a server. */
export interface JobPort {
  /** The task and its agent as they are now, as far as is known here. */
  readonly task: Task;
  readonly agent: Agent;
  state(state: WorkState): boolean;
  place(position: Position): boolean;
  progress(share: number | null, message: string): boolean;
  write(text: string, stream: "stdout" | "stderr"): boolean;
  usage(usage: Usage): boolean;
  /** Gives the id of the question, at once or when it was asked; null where it is not taken. */
  ask(question: Ask): string | null | Promise<string | null>;
  /** The question need not be answered any more. */
  withdraw(questionId: string): boolean;
  /** Gives null where it is not taken. */
  child(child: string, seen: { readonly name?: string; readonly state: WorkState } | "gone"): string | null;
}

/** What became of a question that its own function withdrew. */
const WITHDRAWN: WorkAnswer = { by: "worker" };

interface Waiting {
  readonly reject: (reason: Error) => void;
  readonly cancel: () => void;
}

/** What a function has in hand: the same as any worker of the domain, in promises, with what it reports looked at first. */
export class FunctionJob implements WorkJob {
  readonly agent: Agent;
  readonly attempt: number;
  readonly #job: JobPort;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #asked: { readonly id: string; readonly resolve: (answer: WorkAnswer) => void } | null = null;
  /** What was answered last: it may be known before the id of its question is. */
  #last: WorkerAnswer | null = null;
  #children = 0;
  /** Why the task is over. */
  #reason: Error | null = null;

  constructor(job: JobPort, clock: Clock) {
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

  ask(question: WorkQuestion, { signal }: { readonly signal?: AbortSignal } = {}): Promise<WorkAnswer> {
    return quiet(this.#ask(question, signal));
  }

  /** Why the task is over, for what waits. */
  get #why(): Error {
    return this.#reason ?? over();
  }

  async #ask(question: WorkQuestion, signal: AbortSignal | undefined): Promise<WorkAnswer> {
    if (this.#reason !== null) throw this.#reason;
    const isWithdrawn = (): boolean => signal?.aborted === true;
    if (isWithdrawn()) return WITHDRAWN;
    const { options = [], kind = options.length === 0 ? "text" : "choice", ...rest } = question;
    const asked = this.#job.ask({
      ...rest,
      kind,
      ...(question.options !== undefined && kind !== "text" && { options: [...options] }),
    });
    const id = asked instanceof Promise ? await asked : asked;
    if (id === null) throw this.#why;
    const withdraw = (): void => this.#withdraw(id);
    const answer = this.#until<WorkAnswer>((resolve) => {
      this.#asked = { id, resolve };
      signal?.addEventListener("abort", withdraw);
      return () => {
        this.#asked = null;
        signal?.removeEventListener("abort", withdraw);
      };
    });
    if (this.#last !== null) this.answered(this.#last);
    // It may have been aborted while the question was on its way.
    if (isWithdrawn()) withdraw();
    return answer;
  }

  #withdraw(id: string): void {
    if (this.#asked?.id !== id) return;
    this.#job.withdraw(id);
    this.#asked.resolve(WITHDRAWN);
  }

  /** A question was answered: that which is open, or one of before. */
  answered(answer: WorkerAnswer): void {
    const { question_id, choice, text, by } = answer;
    this.#last = answer;
    if (this.#asked?.id !== question_id) return;
    this.#asked.resolve({
      ...(choice !== null && { choice }),
      ...(text !== null && { text }),
      by: by === "time" ? "time" : by === "worker" ? "worker" : "player",
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
