import { coreParts } from "../host-parts.js";
import { createPageBackend } from "../hosts/in-page/page-backend.js";
import type { MockBackend } from "../hosts/in-page/page-backend.js";
import { createWebSocketClass } from "../hosts/in-page/web-socket.js";
import { generatedDocuments } from "../lazy/documents.js";
import { lazyParts } from "../lazy/load.js";
import { createTesting } from "./create-testing.js";
import type { Testing, TestOptions } from "./create-testing.js";
import { withTesting } from "./with-testing.js";

/** The backend of a page, worker or process, with what tests do with one. */
export interface TestBackend extends MockBackend, Testing {}

/**
 * Makes the same backend as that of `oligarchy-agentvm/mock`, with all that a test does with one: `faults`, `journal`,
 * and `replay`, which answers from a recording. A page that plays imports
 * that one, which is smaller by this.
 *
 * @example
 * ```ts
 * const backend = createMockBackend({ seed: 7 });
 * const agentvm = new AgentVM(backend.connection());
 * backend.faults.add({ route: "taskAssign", status: 503, times: 2 });
 * await agentvm.tasks.assign({ prompt: "Fix the jump" }); // the third attempt
 * ```
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createMockBackend(options: TestOptions = {}): TestBackend {
  const { replay: _, ...backendOptions } = options;
  const parts = createTesting(options);
  const backend = createPageBackend(backendOptions, {
    ...coreParts,
    ...lazyParts,
    createWebSocketClass,
    documents: generatedDocuments,
    createDesk: parts.desk(coreParts.createDesk),
    live: async () => {
      const { createHub, createWire } = await lazyParts.live();
      return { createHub: parts.hub(createHub), createWire };
    },
  });
  return withTesting(backend, parts);
}
