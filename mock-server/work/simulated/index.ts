import { describeProblems } from "../../../src/contract/schema/schema.js";
import type { Checked } from "../../../src/contract/schema/schema.js";
import { deepFreeze } from "../../engine/index.js";
import type { Job, Kept, Work } from "../work.js";
import { checkedPlan, type KeptPlan } from "./kept-plan.js";
import { planWork, type WorkStep } from "./plan.js";

/**
 * Work that is simulated, decided by chance alone: nothing is read, run or changed, and its output says so. All of a task's work is
 * planned when it begins; what is kept are its steps and the number of the next one.
 */
export function createSimulatedWork(): Work {
  /** The steps that were planned or checked here, which need not be checked at every one of them. */
  const known = new WeakSet<object>();

  function planOf(kept: unknown): KeptPlan {
    if (isKnown(kept)) return kept;
    const checked = checkedPlan(kept);
    if (!checked.ok)
      throw new TypeError(`Simulated work cannot go on: ${describeProblems(checked.problems)}.`);
    return checked.value;
  }

  function isKnown(kept: unknown): kept is KeptPlan {
    if (typeof kept !== "object" || kept === null || !("steps" in kept)) return false;
    return typeof kept.steps === "object" && kept.steps !== null && known.has(kept.steps);
  }

  return {
    kindOf: () => "simulated",

    begin(job) {
      const { state, opening, steps } = planWork(job.task, job.agent, job.desk(), job.chance());
      if (!job.start(state)) return;
      for (const { stream, text } of opening) job.write(text, stream);
      known.add(steps);
      goOn(job, steps[0], { steps, next: 0 });
    },

    wake(job) {
      const { steps, next } = planOf(job.kept);
      const step = steps[next];
      if (step === undefined) return;
      if (step.state !== undefined) job.state(step.state);
      if (step.position !== undefined) job.place(step.position);
      for (const { stream, text } of step.lines ?? []) job.write(text, stream);
      if (step.progress !== undefined) job.progress(step.progress.share, step.progress.message);
      if (step.end === undefined) goOn(job, steps[next + 1], { next: next + 1 });
      else job.finish(step.end.error);
    },

    recall(kept, wakes) {
      if (kept === undefined || !wakes) return notPlanned();
      const checked = checkedPlan(kept);
      if (checked.ok) known.add(deepFreeze(checked.value.steps));
      return checked;
    },
  };
}

function goOn(job: Job, step: WorkStep | undefined, kept: Kept): void {
  if (step === undefined) return;
  job.keep(kept);
  job.wake(step.after);
}

function notPlanned(): Checked<Kept> {
  const msg = "is not there, or no step is due: a running task has no work planned";
  return { ok: false, problems: [{ loc: ["kept"], msg, type: "value_error" }] };
}
