import { deepFreeze } from "../../domain/index.js";
import type { Simulation } from "./simulation.js";
import type { Job, Work } from "../work.js";
import { checkedPlan, type KeptPlan } from "./kept-plan.js";
import { planWork, type WorkStep } from "./plan.js";

/**
 * Work that is simulated, decided by chance alone: nothing is read, run or changed, and its output says so. All of a task's work is
 * planned when it begins; what is kept are its steps and the number of the next one.
 */
export function createSimulatedWork(simulation: Simulation = {}): Work<KeptPlan> {
  return {
    kindOf: () => "simulated",

    begin(job) {
      const { state, opening, steps } = planWork(job.task, job.agent, job.desk(), job.chance(), simulation);
      if (!job.start(state)) return;
      for (const { stream, text } of opening) job.write(text, stream);
      job.keep({ steps, next: 0 });
      wakeFor(job, steps[0]);
    },

    wake(job) {
      const { steps = [], next = 0 } = job.kept;
      const step = steps[next];
      if (step === undefined) return;
      if (step.state !== undefined) job.state(step.state);
      if (step.position !== undefined) job.place(step.position);
      for (const { stream, text } of step.lines ?? []) job.write(text, stream);
      if (step.progress !== undefined) job.progress(step.progress.share, step.progress.message);
      if (step.end !== undefined) job.finish(step.end.error);
      else {
        job.keep({ next: next + 1 });
        wakeFor(job, steps[next + 1]);
      }
    },

    recall: (kept, wakes) => deepFreeze(checkedPlan(kept, wakes)),
  };
}

function wakeFor(job: Job<KeptPlan>, step: WorkStep | undefined): void {
  if (step !== undefined) job.wake(step.after);
}
