import { IndexedHeap } from "./heap.js";

/**
 * What can be due: a step of a task's work, the end of its time, the end of its question's, the end of a session (or its telling),
 * emptying a game that was left, forgetting old tasks, the end of a worker's lease, the end of a review's time.
 */
export const JOB_KINDS = [
  "work",
  "timeout",
  "session",
  "leave",
  "forget",
  "question",
  "lease",
  "review",
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** Something to be done at a time; `order` is the order of making, for what is due at the same time. */
export interface Job {
  readonly due: number;
  readonly order: number;
  readonly kind: JobKind;
  readonly id: string;
}

/** All that is to be done later, soonest first. There is one job of a kind for an id at the most, so it is as bounded as they are. */
export class Agenda {
  readonly #heap = new IndexedHeap<Job>((a, b) => a.due - b.due || a.order - b.order);
  readonly #jobs: Readonly<Record<JobKind, Map<string, Job>>> = {
    work: new Map(),
    timeout: new Map(),
    session: new Map(),
    leave: new Map(),
    forget: new Map(),
    question: new Map(),
    lease: new Map(),
    review: new Map(),
  };
  #order = 0;
  #hastened = false;

  /** When the first job is due; Infinity when there is none. */
  get nextDue(): number {
    return this.#heap.peek()?.due ?? Infinity;
  }

  /** Jobs that were ever planned: the order of the next one. */
  get order(): number {
    return this.#order;
  }

  /** Plans a job, in the place of the one of its kind and id, if there is one. */
  plan(kind: JobKind, id: string, due: number): void {
    this.#put({ due, order: this.#order++, kind, id });
  }

  drop(kind: JobKind, id: string): void {
    const job = this.#jobs[kind].get(id);
    if (job === undefined) return;
    this.#jobs[kind].delete(id);
    this.#heap.remove(job);
  }

  get(kind: JobKind, id: string): Job | undefined {
    return this.#jobs[kind].get(id);
  }

  /** The first job, if it is due at `now`. */
  firstDue(now: number): Job | undefined {
    const job = this.#heap.peek();
    return job === undefined || job.due > now ? undefined : job;
  }

  /** Whether the first job has become an earlier one since this was last asked. */
  takeHastened(): boolean {
    const hastened = this.#hastened;
    this.#hastened = false;
    return hastened;
  }

  /** The jobs in order, for a snapshot. */
  jobs(): { order: number; jobs: Job[] } {
    return {
      order: this.#order,
      jobs: [...this.#heap.values()].sort((a, b) => a.due - b.due || a.order - b.order),
    };
  }

  restore(order: number, jobs: readonly Job[]): void {
    for (const job of jobs) this.#put(job);
    this.#order = order;
  }

  #put(job: Job): void {
    this.drop(job.kind, job.id);
    const before = this.nextDue;
    this.#jobs[job.kind].set(job.id, job);
    this.#heap.push(job);
    if (job.due < before) this.#hastened = true;
  }
}
