import { assembleBackend } from "./assemble.js";
import type { Backend } from "./assemble.js";
import { coreParts } from "./host-parts.js";
import { createCors } from "./http/cors.js";
import { createHttpHandler } from "./http/handler.js";
import { generatedDocuments } from "./lazy/documents.js";
import { lazyParts } from "./lazy/load.js";
import { createHub } from "./stream/hub.js";
import { createTesting } from "./testing/create-testing.js";
import type { Testing, TestOptions } from "./testing/create-testing.js";
import { withTesting } from "./testing/with-testing.js";

export type { Backend, RestartOptions } from "./assemble.js";

/** A whole backend behind a port or a `fetch`, with what tests do with one. */
export interface ServerBackend extends Backend, Testing {}

/**
 * Makes a whole backend, HTTP, its event stream and what tests do with it included.
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createBackend(given: TestOptions = {}): ServerBackend {
  const { replay: _, ...options } = given;
  const testing = createTesting(given);
  const core = assembleBackend(options, {
    ...coreParts,
    createDesk: testing.desk(coreParts.createDesk),
    createHub: testing.hub(createHub),
    seldom: lazyParts.seldom,
    work: lazyParts.work,
    documents: generatedDocuments,
  });
  const handler = createHttpHandler({ desk: core.desk, cors: createCors(options.corsOrigins) });
  return withTesting(Object.assign(core, { handler }), testing);
}
