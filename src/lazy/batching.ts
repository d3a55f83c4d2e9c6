// What lets calls share a request, and compresses long ones: a chunk of its own, loaded when two of one tick come together for the first
// time, with the first batch, or with the first long body.
export { batchRoutes } from "../contract/routes/batch.js";
export { compressed } from "../client/http/compressed.js";
export { Batcher } from "../client/http/batcher.js";
