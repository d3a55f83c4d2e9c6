import { createDesk } from "../calls/desk.js";
import { createOutputStreams } from "../calls/output-streams.js";
import { bytesOf } from "../calls/byte-stream.js";
import { createEngineWith, emptyWorldWith } from "../domain/index.js";
import type { PageParts } from "../hosts/in-page/page-backend.js";
import * as live from "../lazy/live.js";
import { noDocuments } from "../no-documents.js";
import { loadedScripts } from "./page-code.js";
import { refuse } from "./refuse.js";
import { createGameSocketClass } from "./web-socket.js";
import type { GameSocketClass } from "./web-socket.js";

/** In the place of measures, which the addon neither reports nor reads. */
const measured = { add: refuse, of: refuse, forget: () => undefined, saved: refuse, restore: refuse };

/** In the place of snapshots, which the addon neither takes nor restores. */
const engineParts = {
  emptyWorld: () => emptyWorldWith({ since: 0, ...measured }),
  readSnapshot: refuse,
  loadSnapshot: refuse,
  takeSnapshot: refuse,
};

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
  endBatch: refuse,
  // Made with the others, and closed with them: it must be there, and answers nothing.
  createWorkerDesk: () => ({ run: refuse, attach: refuse, close: () => undefined }),
  createReviews: () => ({ carryOut: refuse, close: () => undefined }),
  createCors: refuse,
  createHttpHandler: refuse,
  toFetch: refuse,
};

/** The parts of the backend that a Godot game has in its page: those that the addon asks for. */
export const gameParts: PageParts<GameSocketClass> = {
  createEngine: (options) => createEngineWith(engineParts, options),
  readSnapshot: refuse,
  createDesk,
  analyticsOperations: () => ({ analyticsEvents: refuse, analyticsSummary: refuse }),
  createWebSocketClass: createGameSocketClass,
  live: () => Promise.resolve(live),
  seldom: () => Promise.resolve(seldom),
  // Nobody hands functions in from GDScript, and scripts once their code is loaded.
  work: () => loadedScripts() ?? refuse(),
  documents: noDocuments,
};
