import type { KeptPlan } from "../../../mock-server/work/simulated/kept-plan.js";
import type { Job, Work } from "../../../mock-server/work/work.js";
import { cuedChanges, cuedDiff, cuedWork } from "../../work/cued-work.js";

/**
 * Work on cue, and more of it: a task that is `asking_leave` asks whether it may write a file, and has changed it where it may; one that is
 * `telling` writes a line, and another one half a minute later, when it is done.
 */
export function deskWork(): Work {
  const cued = cuedWork();
  return {
    ...cued,
    begin(job: Job<KeptPlan>) {
      switch (job.task.task_type) {
        case "asking_leave":
          job.start("coding");
          job.progress(0.4, "The jump is found");
          job.ask({
            kind: "permission",
            text: "May I write player.ts? The jump checks the floor one frame too late.",
            options: [
              { id: "allow", label: "Allow", hint: "This once." },
              { id: "allow_all", label: "Allow all of this task", hint: "It asks no more until it is done." },
              { id: "deny", label: "Deny" },
            ],
            about: {
              tool: "Edit",
              title: "Write the jump anew",
              path: "src/player/player.ts",
              command: "npm test -- jump",
              diff: cuedDiff,
            },
            seconds: 3_600,
          });
          return;
        case "telling":
          job.start("coding");
          job.write("one\n");
          job.wake(30_000);
          return;
        default:
          cued.begin(job);
      }
    },
    wake(job: Job<KeptPlan>) {
      if (job.task.task_type !== "telling") {
        cued.wake(job);
        return;
      }
      job.write("two\n", "stderr");
      job.finish(null);
    },
    answered(job: Job<KeptPlan>, answer) {
      if (job.task.task_type !== "asking_leave") cued.answered?.(job, answer);
      else if (answer.choice === "deny") job.finish({ code: "denied", message: "It may not be written." });
      else job.finish(null, { output: "patched player.ts\n", changes: cuedChanges, diff: cuedDiff });
    },
    recall: cued.recall,
  };
}
