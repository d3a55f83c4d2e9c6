// What lets calls share a request: a chunk of its own, loaded when two of one tick come together for the first time, or with the first batch.
export { batchRoutes } from "../contract/routes/batch.js";
export { Batcher } from "../client/http/batcher.js";
