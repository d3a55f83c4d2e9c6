/** What answers the calls that few pages make: a chunk of its own, loaded with the first of them. */
export { metricsText } from "../operations/metrics.js";
export { runBatch } from "./batch.js";
export { createMatcher } from "./matcher.js";
export { createOutputStreams } from "./output-streams.js";
