import type { Task, WorkKind } from "../../src/contract/index.js";
import type { Answer, Job, Kept, Stop, Work } from "../../mock-server/work/work.js";

/** A worker that does what a test says, and notes what it was asked and told. */
export interface FakeWorker extends Work {
  /** The jobs that it was asked to begin, in order. */
  readonly jobs: Job[];
  readonly stops: { readonly task: Task; readonly why: Stop }[];
}

export interface FakeWays {
  readonly kind?: WorkKind;
  readonly begin?: (job: Job) => void;
  readonly wake?: (job: Job) => void;
  readonly answered?: (job: Job, answer: Answer) => void;
  readonly stopped?: (task: Task, why: Stop) => void;
  /** Says of what was kept what is wrong with it, or null. */
  readonly wrong?: (kept: Kept, wakes: boolean) => string | null;
}

/** Begins whatever it is asked to, thinking, and waits for the test to report. */
export function fakeWorker({
  kind = "function",
  begin = (job) => void job.start("thinking"),
  wake = () => undefined,
  answered = () => undefined,
  stopped = () => undefined,
  wrong = () => null,
}: FakeWays = {}): FakeWorker {
  const jobs: Job[] = [];
  const stops: FakeWorker["stops"] = [];
  return {
    jobs,
    stops,
    kindOf: () => kind,
    begin(job) {
      jobs.push(job);
      begin(job);
    },
    wake,
    answered,
    stopped(task, why) {
      stops.push({ task, why });
      stopped(task, why);
    },
    recall(kept, wakes) {
      const value = Object.fromEntries(Object.entries(Object(kept)));
      const msg = wrong(value, wakes);
      if (msg === null) return { ok: true, value };
      return { ok: false, problems: [{ loc: ["kept", "count"], msg, type: "value_error" }] };
    },
  };
}

/** The newest of some jobs. */
export function newest(jobs: readonly Job[]): Job {
  const job = jobs.at(-1);
  if (job === undefined) throw new RangeError("Nobody was asked to begin anything.");
  return job;
}
