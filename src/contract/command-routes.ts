import type { CommandMethod } from "./frames.js";
import type { RouteName } from "./routes.js";

/** The route whose call each command of the event stream makes. */
export const routeOfCommand = {
  "agents.move": "agentMove",
  "agents.moveMany": "agentMoveMany",
  "tasks.assign": "taskAssign",
  "tasks.assignTeam": "teamAssign",
  "tasks.cancel": "taskCancel",
} as const satisfies Record<CommandMethod, RouteName>;
