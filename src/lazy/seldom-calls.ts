// What few pages call, and none at its start: a chunk of its own, loaded with the first of these calls.
export { analyticsRoutes } from "../contract/routes/analytics.js";
export { batchRoutes } from "../contract/routes/batch.js";
export { sceneRoutes } from "../contract/routes/scenes.js";
export { serverRoutes } from "../contract/routes/server.js";
export { readOutput } from "../client/resources/task-output.js";
