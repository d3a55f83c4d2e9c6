import { routeOfCommand } from "../../contract/command-routes.js";
import { agentRoutes } from "../../contract/routes/agents.js";
import { taskRoutes } from "../../contract/routes/tasks.js";
import type { CommandMethod, Route, RouteName } from "../../contract/index.js";
import { nameOf } from "../http/request.js";

/** The call that a command makes, as it is named where it goes over REST. */
export function whereOf(method: CommandMethod): string {
  const known: Partial<Record<RouteName, Route>> = { ...agentRoutes, ...taskRoutes };
  const route = known[routeOfCommand[method]];
  // The others are of a chunk that this must not load.
  return route ? nameOf(route) : `POST /tasks/{task_id}/${method.slice("tasks.".length)}`;
}
