import { createOutputStreams } from "../calls/output-streams.js";
import { bytesOf } from "../calls/byte-stream.js";
import { createEngineWith } from "../domain/index.js";
import type { PageParts } from "../hosts/in-page/page-backend.js";
import * as live from "../lazy/live.js";
import { noDocuments } from "../no-documents.js";
import { refuse } from "./refuse.js";
import { createGameSocketClass } from "./web-socket.js";
import type { GameSocketClass } from "./web-socket.js";

/** In the place of snapshots, which the addon neither takes nor restores. */
const snapshots = { readSnapshot: refuse, loadSnapshot: refuse, takeSnapshot: refuse };

/**
 * HTTP is not among them: the facade's calls come the shorter way, and nothing else reaches the backend. Of the calls that few pages
 * make the addon makes one alone.
 */
const seldom = {
  bytesOf,
  createOutputStreams,
  createMatcher: () => refuse,
  metricsText: refuse,
  runBatch: refuse,
  createCors: refuse,
  createHttpHandler: refuse,
  toFetch: refuse,
};

/** The parts of the backend that a Godot game has in its page: those that the addon asks for. */
export const gameParts: PageParts<GameSocketClass> = {
  createEngine: (options) => createEngineWith(snapshots, options),
  readSnapshot: refuse,
  analyticsOperations: () => ({ analyticsEvents: refuse, analyticsSummary: refuse }),
  createWebSocketClass: createGameSocketClass,
  live: () => Promise.resolve(live),
  seldom: () => Promise.resolve(seldom),
  documents: noDocuments,
};
