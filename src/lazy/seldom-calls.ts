// What few pages call, and none at its start: a chunk of its own, loaded with the first of these calls.
export { agentTypeRoutes } from "../contract/routes/agent-types.js";
export { analyticsRoutes } from "../contract/routes/analytics.js";
export { sceneRoutes } from "../contract/routes/scenes.js";
export { workerRoutes } from "../contract/routes/workers.js";
export { serverRoutes } from "../contract/routes/server.js";
export { answerTask, diffOfTask, reviewTask } from "../client/resources/task-work.js";
export { readOutput } from "../client/resources/task-output.js";
