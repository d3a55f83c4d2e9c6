import { createSimulatedWork } from "../../mock-server/work/simulated/index.js";
import type { KeptPlan } from "../../mock-server/work/simulated/kept-plan.js";
import type { Job, Work } from "../../mock-server/work/work.js";

/** What a task of the type `changing` has changed. */
export const cuedChanges = {
  branch: "agentvm/jump",
  base: "main",
  commit: null,
  files: [{ path: "player.ts", status: "modified" as const, insertions: 1, deletions: 1 }],
  insertions: 1,
  deletions: 1,
};
export const cuedDiff = "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jump\n+jump()\n";

/**
 * The simulation, but for tasks of some types: one that is `asking` asks whether the jump is red or blue, and is done with the answer;
 * one that is `wording` asks for a name; one that is `changing` has changed something at once, which conflicts where its prompt says so;
 * one that is `helped` has a helper.
 */
export function cuedWork(): Work {
  const simulated = createSimulatedWork();
  return {
    ...simulated,
    begin(job: Job<KeptPlan>) {
      switch (job.task.task_type) {
        case "asking":
          job.start("coding");
          job.ask({ kind: "choice", text: "Red or blue?", options: ["red", "blue"], seconds: 60 });
          return;
        case "wording":
          job.start("coding");
          job.ask({ kind: "text", text: "What is it called?" });
          return;
        case "changing":
          job.start("coding");
          job.finish(null, { output: "patched player.ts\n", changes: cuedChanges, diff: cuedDiff });
          return;
        case "helped":
          job.start("coding");
          job.child("explorer", { name: "Explorer", state: "thinking" });
          return;
        default:
          simulated.begin(job);
      }
    },
    answered(job, { choice, text, by }) {
      job.finish(null, { output: `${choice ?? text ?? "nothing"} by ${by}\n` });
    },
    review: ({ prompt }, verdict) =>
      verdict === "accept" && prompt.includes("conflict") ? ["player.ts"] : [],
  };
}
