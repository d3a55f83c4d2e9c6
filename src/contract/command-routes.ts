import type { CommandMethod, WorkMethod } from "./frames.js";
import type { RouteName } from "./routes.js";
import type { WorkerRouteName } from "./routes/worker-heads.js";

/** The route whose call each command of the event stream makes. */
export const routeOfCommand = {
  "agents.move": "agentMove",
  "agents.moveMany": "agentMoveMany",
  "tasks.assign": "taskAssign",
  "tasks.assignTeam": "teamAssign",
  "tasks.cancel": "taskCancel",
  "tasks.answer": "taskAnswer",
  "tasks.review": "taskReview",
} as const satisfies Record<CommandMethod, RouteName>;

/** The same of the commands that workers make. */
export const routeOfWork = {
  "workers.claim": "workerClaim",
  "tasks.report": "taskReport",
  "tasks.finish": "taskFinish",
  "tasks.reviewed": "taskReviewed",
} as const satisfies Record<WorkMethod, WorkerRouteName>;
