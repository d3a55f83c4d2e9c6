import * as batching from "./batching.js";
import * as keptSession from "./kept-session.js";
import * as live from "./live.js";
import type { LazyParts } from "./parts.js";
import * as poolAndMetrics from "./pool-and-metrics.js";
import * as seldomCalls from "./seldom-calls.js";

/** The parts for a client that is one file: nothing is left to load. */
export const wholeParts: LazyParts = {
  live: () => Promise.resolve(live),
  batching: () => Promise.resolve(batching),
  keptSession: () => Promise.resolve(keptSession),
  seldomCalls: () => Promise.resolve(seldomCalls),
  poolAndMetrics: () => Promise.resolve(poolAndMetrics),
};
