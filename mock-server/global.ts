import { AgentVM } from "../src/slim.js";
import { createMockBackend } from "./index.js";

/**
 * What a page without a bundler finds as `window.AgentVM`: the client over `fetch`, with the backend as
 * `AgentVM.createMockBackend`.
 */
class PageAgentVM extends AgentVM {
  static readonly createMockBackend = createMockBackend;
}

// A classic script has no exports: setting the name is all that it is for.
Object.defineProperty(globalThis, "AgentVM", { value: PageAgentVM, writable: true, configurable: true });
