import type { Route } from "./route.js";
import { agentTypeRoutes } from "./routes/agent-types.js";
import { agentRoutes } from "./routes/agents.js";
import { analyticsRoutes } from "./routes/analytics.js";
import { batchRoutes } from "./routes/batch.js";
import { gameRoutes } from "./routes/game.js";
import { sceneRoutes } from "./routes/scenes.js";
import { serverRoutes } from "./routes/server.js";
import { sessionRoutes } from "./routes/session.js";
import { taskWorkRoutes } from "./routes/task-work.js";
import { taskOutputRoutes } from "./routes/task-output.js";
import { taskRoutes } from "./routes/tasks.js";

// A marked call, so that a bundle which does not use all of them drops this: a spread counts as a side effect.
/** The calls of those who play and look on, by name. */
export const playRoutes = /* @__PURE__ */ (({ agentTypes, ...agents }, { taskCancel, ...startedTasks }) => ({
  ...serverRoutes,
  agentTypes,
  ...agentTypeRoutes,
  ...agents,
  ...startedTasks,
  ...taskOutputRoutes,
  ...taskWorkRoutes,
  taskCancel,
  ...sessionRoutes,
  ...sceneRoutes,
  ...gameRoutes,
  ...analyticsRoutes,
  ...batchRoutes,
}))(agentRoutes, taskRoutes) satisfies Record<string, Route>;
