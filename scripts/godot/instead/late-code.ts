import { refuse } from "./refuse.js";

/** In the place of what answers seldom calls: of those, the addon makes one alone, and the others are for servers. */
export { createOutputStreams } from "../../../mock-server/desk/output-streams.js";

export const createMatcher = () => refuse;
export const metricsText = refuse;
export const runBatch = refuse;
