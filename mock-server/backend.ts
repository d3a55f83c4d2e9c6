import { assembleBackend } from "./assemble.js";
import type { Backend } from "./assemble.js";
import type { BackendOptions } from "./backend-options.js";
import { coreParts } from "./host-parts.js";
import { createCors } from "./http/cors.js";
import { createHttpHandler } from "./http/handler.js";
import { generatedDocuments } from "./lazy/documents.js";
import { lazyParts } from "./lazy/load.js";
import { createHub } from "./stream/hub.js";

export type { Backend, RestartOptions } from "./assemble.js";

/**
 * Makes a whole backend, HTTP and its event stream included.
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createBackend(options: BackendOptions = {}): Backend {
  const core = assembleBackend(options, {
    ...coreParts,
    createHub,
    seldom: lazyParts.seldom,
    documents: generatedDocuments,
  });
  const handler = createHttpHandler({ desk: core.desk, cors: createCors(options.corsOrigins) });
  return Object.assign(core, { handler });
}
