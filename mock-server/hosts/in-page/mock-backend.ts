import type { BackendOptions } from "../../backend-options.js";
import { coreParts } from "../../host-parts.js";
import { generatedDocuments } from "../../lazy/documents.js";
import { lazyParts } from "../../lazy/load.js";
import { createPageBackend } from "./page-backend.js";
import type { MockBackend, PageParts } from "./page-backend.js";
import { createWebSocketClass } from "./web-socket.js";
import type { WebSocketClass } from "./web-socket.js";

const parts: PageParts<WebSocketClass> = {
  ...coreParts,
  ...lazyParts,
  createWebSocketClass,
  documents: generatedDocuments,
};

/**
 * Makes a whole AgentVM backend inside this page, worker or process.
 *
 * @example
 * ```ts
 * const backend = createMockBackend({ seed: 7, clock: "manual" });
 * const agentvm = new AgentVM({ ...backend.connection() });
 * const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
 * backend.clock.advance(60_000);
 * backend.close();
 * ```
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createMockBackend(options: BackendOptions = {}): MockBackend {
  return createPageBackend(options, parts);
}
