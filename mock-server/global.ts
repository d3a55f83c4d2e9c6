import { AgentVM } from "../src/one-file.js";
import type { BackendOptions } from "./backend-options.js";
import { coreParts } from "./host-parts.js";
import { createPageBackend } from "./hosts/in-page/page-backend.js";
import type { MockBackend } from "./hosts/in-page/page-backend.js";
import { createWebSocketClass } from "./hosts/in-page/web-socket.js";
import { wholeParts } from "./lazy/whole.js";
import { noDocuments } from "./no-documents.js";

const parts = { ...coreParts, ...wholeParts, createWebSocketClass, documents: noDocuments };

/**
 * What a page without a bundler finds as `window.AgentVM`: the client over `fetch`, with the backend as
 * `AgentVM.createMockBackend`.
 */
class PageAgentVM extends AgentVM {
  static readonly createMockBackend = (options: BackendOptions = {}): MockBackend =>
    createPageBackend(options, parts);
}

// A classic script has no exports: setting the name is all that it is for.
Object.defineProperty(globalThis, "AgentVM", { value: PageAgentVM, writable: true, configurable: true });
