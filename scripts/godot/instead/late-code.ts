import { EngineError } from "../../../mock-server/engine/index.js";

/** In the place of what answers seldom calls: of those, the addon makes one alone, and the others are for servers. */
export { createOutputStreams } from "../../../mock-server/desk/output-streams.js";

export const metricsText = refuse;
export const runBatch = refuse;
export const createMatcher = () => refuse;

function refuse(): never {
  throw new EngineError(
    "unavailable",
    "The backend inside a game has no such call. Use a server: agentvm serve.",
  );
}
