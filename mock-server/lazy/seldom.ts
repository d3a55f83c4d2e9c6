// What few pages need of the backend: one chunk, loaded with the first call that does. It is HTTP, for calls that come by `fetch` and
// not from an SDK in the page, and the calls about batches, output and measures, and those of workers.
export { endBatch, runBatch } from "../calls/batch.js";
export { bytesOf } from "../calls/byte-stream.js";
export { createMatcher } from "../calls/matcher.js";
export { createReviews } from "../calls/reviews.js";
export { createWorkerDesk } from "../calls/workers/worker-desk.js";
export { createOutputStreams } from "../calls/output-streams.js";
export { createCors } from "../http/cors.js";
export { createHttpHandler } from "../http/handler.js";
export { toFetch } from "../http/to-fetch.js";
export { metricsText } from "../calls/metrics.js";
