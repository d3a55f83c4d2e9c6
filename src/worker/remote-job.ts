import type {
  Agent,
  Ask,
  BodyOf,
  CancelTimer,
  ClaimedJob,
  Clock,
  Fault,
  NoticeData,
  Position,
  Random,
  Report,
  ReportAnswer,
  Task,
  Usage,
} from "../contract/index.js";
import { askSchema } from "../contract/questions.js";
import { usageGivenSchema } from "../contract/changes.js";
import { CHILDREN_MAX, CHILD_NAME_MAX } from "../contract/worker.js";
import { REPORT_TEXT_MAX, taskFinishBodySchema } from "../contract/workers.js";
import type { Workers } from "../client/resources/workers.js";
import { fullJitter } from "../client/stream/backoff.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { aWhile, Bell } from "./bell.js";
import { FunctionJob } from "./function-job.js";
import type { JobPort } from "./function-job.js";
import { ReportQueue } from "./report-queue.js";
import { functionFor, outcomeOf } from "./run-function.js";
import type { WorkByType, WorkState } from "./types.js";
import { faultOf, resultOf } from "./work-failure.js";
import { fitting } from "./fitting.js";

/** Milliseconds between two calls about one task at the least, but for a question and the end. */
const GAP_MS = 100;

/** Milliseconds between two looks for an answer, where no stream tells of it. */
const ANSWER_MS = 1_000;

/** What a job at a server is made of. */
export interface RemoteJobParts {
  readonly calls: Pick<Workers, "report" | "finish">;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds of silence after which the server takes the task away. */
  readonly leaseMs: number;
  readonly functions: WorkByType;
  /** What errors must not tell. */
  readonly keys: readonly string[];
  /** Whether answers and the end of tasks are heard of by themselves. */
  readonly hears: () => boolean;
  readonly warn: (message: string) => void;
  /** The task is over, whoever ended it, though its function may run on for a while. */
  readonly over: (job: RemoteJob) => void;
}

type Refused = "the report" | "the task";

/** One task in the hands of a function here and of an agent there: what the function says goes to the server, numbered, in its order. */
export class RemoteJob implements JobPort {
  readonly agent: Agent;
  readonly attempt: number;
  readonly #parts: RemoteJobParts;
  readonly #bell: Bell;
  readonly #queue = new ReportQueue();
  readonly #stop = new AbortController();
  readonly #function: FunctionJob;
  readonly #children = new Set<string>();
  #task: Task;
  #number = 1;
  #isOver = false;
  #isDone = false;
  #endLease: CancelTimer = () => undefined;
  #asking: { resolve(id: string | null): void; reject(error: Error): void } | null = null;
  /** The question that is open. */
  #open: string | null = null;

  constructor({ task, agent, attempt }: ClaimedJob, parts: RemoteJobParts) {
    this.#task = task;
    this.agent = agent;
    this.attempt = attempt;
    this.#parts = parts;
    this.#bell = new Bell(parts.clock);
    this.#function = new FunctionJob(this, parts.clock);
  }

  get task(): Task {
    return this.#task;
  }

  state(state: WorkState): boolean {
    return this.#say({ state });
  }

  place(position: Position): boolean {
    return this.#say({ position });
  }

  progress(share: number | null, message: string): boolean {
    this.#task = { ...this.#task, message, ...(share !== null && { progress: share }) };
    return this.#say({ progress: share, message });
  }

  write(text: string, stream: "stdout" | "stderr"): boolean {
    if (this.#isOver) return false;
    this.#queue.write(text, stream);
    this.#bell.ring();
    return true;
  }

  usage(usage: Usage): boolean {
    return this.#say({ usage: fitting(usageGivenSchema, usage, "usage") });
  }

  ask(question: Ask): Promise<string | null> {
    if (this.#asking !== null || this.#open !== null)
      throw new TypeError("A question cannot be asked while another one of the task is open.");
    const report = { question: fitting(askSchema, question, "question") };
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      if (!this.#say(report)) this.#asked(null);
    });
  }

  withdraw(questionId: string): boolean {
    if (this.#open === questionId) this.#open = null;
    return this.#say({ question_withdrawn: questionId });
  }

  child(child: string, seen: { readonly name?: string; readonly state: WorkState } | "gone"): string | null {
    if (seen === "gone") {
      if (!this.#children.delete(child)) return null;
      return this.#say({ agent: { child, gone: true } }) ? child : null;
    }
    const isNew = seen.name !== undefined;
    if (isNew ? this.#children.size >= CHILDREN_MAX : !this.#children.has(child)) return null;
    const name = seen.name?.slice(0, CHILD_NAME_MAX).trim() ?? "";
    if (!this.#say({ agent: { child, ...(name !== "" && { name }), state: seen.state } })) return null;
    this.#children.add(child);
    return child;
  }

  /** Has the function do its work, and tells what comes of it. It never rejects. */
  async run(): Promise<void> {
    const { functions } = this.#parts;
    this.#wait(this.#parts.clock.now());
    // What the function says at once is in the first report.
    const reporting = Promise.resolve().then(() => this.#reportAll());
    const { id } = this.#task;
    let body: BodyOf<"taskFinish">;
    try {
      const result = await functionFor(functions, this.agent.type)(this.#task, this.#function);
      const { output = "", ...rest } = outcomeOf(id, result ?? {});
      // What fits no call with the rest goes before it.
      if (output.length > REPORT_TEXT_MAX) this.write(output, "stdout");
      const last = output.length > REPORT_TEXT_MAX ? "" : output;
      const told = { attempt: this.attempt, success: true, output: last, ...rest };
      body = fitting(taskFinishBodySchema, told, "result");
    } catch (error) {
      body = this.#failedWith(error);
    }
    this.#isDone = true;
    this.#function.close();
    this.#bell.ring();
    await reporting;
    await this.#finish(body);
    this.#over();
  }

  /** The task was ended by somebody else, or is another's by now. The second time it does nothing. */
  end(reason: Error): void {
    if (this.#isOver) return;
    this.#over();
    this.#function.abort(reason);
  }

  /** What is heard of an answer beside those to reports. */
  answered(answer: NoticeData["task.answered"]): void {
    if (this.#open === answer.question_id) this.#open = null;
    this.#function.answered(answer);
  }

  #say(report: Report): boolean {
    if (this.#isOver) return false;
    this.#queue.add(report);
    this.#bell.ring();
    return true;
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endLease();
    this.#stop.abort();
    this.#asked(null);
    this.#bell.ring();
    this.#parts.over(this);
  }

  /** What became of the question that was asked. */
  #asked(id: string | null): void {
    this.#asking?.resolve(id);
    this.#asking = null;
    this.#open = id;
  }

  /** The lease runs from when the server was last asked: what is not answered by its end is another's. */
  #wait(from: number): void {
    const { clock, leaseMs } = this.#parts;
    this.#endLease();
    const left = Math.max(0, from + leaseMs - clock.now());
    this.#endLease = clock.setTimeout(
      () => this.end(lost("The server could not be reached for as long as a lease lasts.")),
      left,
    );
  }

  /** Whether there is nothing more to be reported, now and later. */
  get #hasToldAll(): boolean {
    return this.#isOver || (this.#isDone && this.#queue.size === 0);
  }

  /** Reports until the function is done and all of it is told. The first one is a sign that the task has come. */
  async #reportAll(): Promise<void> {
    const { clock, leaseMs } = this.#parts;
    while (!this.#isOver) {
      if (!this.#isDone || this.#queue.size > 0) await this.#report(this.#queue.take());
      const told = clock.now();
      for (;;) {
        if (this.#hasToldAll) return;
        if (this.#isDone || this.#queue.isUrgent) break;
        const asks = this.#open !== null && !this.#parts.hears();
        const beat = asks ? Math.min(ANSWER_MS, leaseMs / 3) : leaseMs / 3;
        const left = told + (this.#queue.size > 0 ? GAP_MS : beat) - clock.now();
        if (left <= 0) break;
        await this.#bell.wait(left);
      }
    }
  }

  async #report(reports: Report[]): Promise<void> {
    const { attempt } = this;
    const from = this.#parts.clock.now();
    const answer = await this.#until((options) =>
      this.#parts.calls.report(this.#task.id, { attempt, number: this.#number, reports }, options),
    );
    if (answer === null) return;
    if (answer instanceof Error) {
      // Nothing of it was taken, and its number is free.
      const asking = reports.some((report) => "question" in report) ? this.#asking : null;
      if (asking === null) this.#parts.warn(`A report was refused: ${answer.message}`);
      this.#asking = asking === null ? this.#asking : null;
      asking?.reject(new TypeError(`The question cannot be asked: ${answer.message}`));
      return;
    }
    this.#number += 1;
    this.#wait(from);
    this.#heard(answer);
  }

  #heard({ cancelled, questions, answers }: ReportAnswer): void {
    if (cancelled) return this.end(new DOMException("The task was ended by somebody else.", "AbortError"));
    const [asked] = questions;
    if (this.#asking !== null && asked !== undefined) this.#asked(asked);
    for (const answer of answers) {
      if (this.#open === answer.question_id) this.#open = null;
      this.#function.answered(answer);
    }
  }

  async #finish(body: BodyOf<"taskFinish">): Promise<void> {
    const refused = await this.#until((options) => this.#parts.calls.finish(this.#task.id, body, options));
    if (!(refused instanceof Error)) return;
    const fault = faultOf(refused, this.#parts.keys);
    const again = await this.#until((options) =>
      this.#parts.calls.finish(this.#task.id, this.#failed(fault), options),
    );
    if (again instanceof Error) this.#parts.warn(`The end of a task was refused: ${again.message}`);
  }

  /** What the function threw, and what it had come to by then. */
  #failedWith(error: unknown): BodyOf<"taskFinish"> {
    const failed = this.#failed(faultOf(error, this.#parts.keys));
    try {
      const { output = "", ...rest } = outcomeOf(this.#task.id, resultOf(error));
      this.write(output, "stdout");
      return fitting(taskFinishBodySchema, { ...failed, ...rest }, "result");
    } catch {
      // That its result is wrong as well is told by nothing that would hide why it failed.
      return failed;
    }
  }

  #failed({ code, message }: Fault): BodyOf<"taskFinish"> {
    const isWord = /^[A-Za-z0-9_-]{1,64}$/.test(code);
    return {
      attempt: this.attempt,
      success: false,
      error: { code: isWord ? code : "work_failed", message: message.trim() || "The work failed." },
    };
  }

  /** Makes a call until it is known what came of it: its answer, the error of a refusal, or null once the task is over. */
  async #until<T>(
    call: (options: { readonly signal: AbortSignal; readonly timeoutMs: number }) => Promise<T>,
  ): Promise<T | Error | null> {
    const { clock, leaseMs, random } = this.#parts;
    const options = { signal: this.#stop.signal, timeoutMs: Math.max(1_000, leaseMs / 3) };
    for (let attempt = 0; !this.#isOver; attempt += 1) {
      try {
        return await call(options);
      } catch (error) {
        if (this.#stop.signal.aborted) return null;
        const refused = isAgentVMError(error) ? refusedBy(error.code, error.status) : null;
        if (refused === "the report" && error instanceof Error) return error;
        if (refused === "the task") {
          this.end(lost(`The task is another's by now, or over: ${String(error)}`));
          return null;
        }
        const { signal } = this.#stop;
        const after = isAgentVMError(error) ? error.retryAfterMs : null;
        await aWhile(clock, after ?? fullJitter(attempt, random()), signal);
      }
    }
    return null;
  }
}

/** What an error refuses for good; null where the same call may succeed later. */
function refusedBy(code: string, status: number | null): Refused | null {
  if (["attempt_over", "task_not_found", "worker_not_found"].includes(code)) return "the task";
  const isWrong = code === "invalid_request" || status === 400 || status === 413 || status === 422;
  return isWrong ? "the report" : null;
}

function lost(message: string): Error {
  return new DOMException(message, "AbortError");
}
