import type { Agent, Task, WorkKind } from "../../src/contract/index.js";
import { isObject } from "../../src/contract/is-object.js";
import type { Checked } from "../../src/contract/schema.js";
import type { ScriptEntry, ScriptUse } from "./scripts/script.js";
import type { Answer, Job, Kept, Stop, Work } from "./work.js";
import type { WorkCode, WorkersParts, Workers } from "./worker-parts.js";

/** What stands in for whoever works. */
export interface SlotParts extends WorkersParts {
  /** Gets the code of scripts and functions: at once where it is at hand. */
  readonly load: () => WorkCode | Promise<WorkCode>;
}

/**
 * Stands for whoever works: until somebody asks for scripts or functions the rest alone, whose code is there. While the code of
 * the others is loaded, what is asked of them waits.
 */
export class WorkSlot implements Work {
  readonly #parts: SlotParts;
  #workers: Workers | null = null;
  #wanted = false;
  #loading: Promise<void> | null = null;
  #later: (() => void)[] = [];

  constructor(parts: SlotParts) {
    this.#parts = parts;
  }

  /** What calls are to wait for, so that nothing begins before those are there who are to do it. Null where nothing is loaded. */
  get loading(): Promise<void> | null {
    return this.#loading;
  }

  /**
   * Somebody asks for scripts or functions.
   *
   * @throws TypeError for a script that is wrong, where the code is at hand; elsewhere nobody catches it, once that is loaded.
   */
  need(): void {
    this.#wanted = true;
    if (this.#workers !== null) return this.#workers.check();
    if (this.#loading !== null) return;
    const code = this.#parts.load();
    if (!(code instanceof Promise)) return this.#take(code);
    this.#loading = code.then(
      (loaded) => {
        this.#loading = null;
        if (this.#wanted) this.#take(loaded);
      },
      (error: unknown) => {
        // Nothing is simulated in the place of what was asked for: it waits until somebody tries again.
        this.#loading = null;
        this.#parts.onError(error);
      },
    );
  }

  /** How often a script was used, and what for. */
  useOf(entry: ScriptEntry): ScriptUse {
    const { name = "", times = null } = entry.script ?? entry.given;
    return this.#workers?.useOf(entry) ?? { name, uses: 0, times, tasks: [], missed: null };
  }

  get #work(): Work {
    return this.#workers ?? this.#parts.rest;
  }

  readonly kindOf = (task: Task, agent: Agent | null): WorkKind => this.#work.kindOf(task, agent);

  begin(job: Job): void {
    this.#do(() => this.#work.begin(job));
  }

  wake(job: Job): void {
    this.#do(() => this.#work.wake(job));
  }

  answered(job: Job, answer: Answer): void {
    this.#do(() => this.#work.answered?.(job, answer));
  }

  resumed(job: Job): void {
    this.#do(() => this.#work.resumed?.(job));
  }

  readonly stopped = (task: Task, why: Stop): void => {
    this.#do(() => this.#work.stopped?.(task, why));
  };

  readonly review: NonNullable<Work["review"]> = (...asked) => this.#work.review?.(...asked) ?? [];

  readonly reviewsLater = ({ work }: Task): boolean =>
    work === "function" && this.#parts.review !== undefined;

  readonly carryOut: NonNullable<Work["carryOut"]> = (...asked) => {
    this.#do(() => this.#work.carryOut?.(...asked));
  };

  readonly recall = (kept: unknown, wakes: boolean, task: Task): Checked<Kept> => {
    if (task.work === "scripted" || task.work === "function") this.need();
    if (this.#loading === null) return this.#work.recall(kept, wakes, task);
    // It is looked at by those whom it means something to, once they are there.
    return { ok: true, value: isObject(kept) ? kept : {} };
  };

  /** Ends what runs outside of the domain. */
  end(): void {
    this.#wanted = false;
    this.#later = [];
    this.#workers?.end();
  }

  #take({ createWorkers }: WorkCode): void {
    this.#workers = createWorkers(this.#parts);
    for (const call of this.#later.splice(0)) call();
    this.#workers.check();
  }

  #do(call: () => void): void {
    if (!this.#wanted || this.#workers !== null) return call();
    this.#later.push(call);
    this.need();
  }
}
