import { deepFreeze } from "../../domain/index.js";
import type { Job, Work } from "../work.js";
import { checkedPlan, type KeptPlan } from "./kept-plan.js";
import { planWork } from "./plan.js";

/**
 * Work that is simulated, decided by chance alone: nothing is read, run or changed, and its output says so. All of a task's work is
 * planned when it begins; what is kept are its steps and the number of the next one.
 */
export function createSimulatedWork(): Work<KeptPlan> {
  return {
    kindOf: () => "simulated",

    begin(job) {
      const { state, opening, steps } = planWork(job.task, job.agent, job.desk(), job.chance());
      if (!job.start(state)) return;
      for (const { stream, text } of opening) job.write(text, stream);
      job.keep({ steps });
      goOn(job, 0);
    },

    wake(job) {
      const { steps = [], next = 0 } = job.kept;
      const step = steps[next];
      if (step === undefined) return;
      if (step.state !== undefined) job.state(step.state);
      if (step.position !== undefined) job.place(step.position);
      for (const { stream, text } of step.lines ?? []) job.write(text, stream);
      if (step.progress !== undefined) job.progress(step.progress.share, step.progress.message);
      if (step.end === undefined) goOn(job, next + 1);
      else job.finish(step.end.error);
    },

    recall: (kept, wakes) => deepFreeze(checkedPlan(kept, wakes)),
  };
}

function goOn(job: Job<KeptPlan>, next: number): void {
  const step = job.kept.steps?.[next];
  if (step === undefined) return;
  job.keep({ next });
  job.wake(step.after);
}
