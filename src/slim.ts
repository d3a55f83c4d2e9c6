import { Client } from "./client/client.js";
import { fetchTransport } from "./client/http/fetch-transport.js";
import { lazyParts } from "./lazy/load.js";
import type { AgentVMOptions } from "./options.js";

export * from "./public.js";

/**
 * The client of an AgentVM server, one for each game: the same as that of `oligarchy-agentvm`, sending with `fetch`,
 * for pages that count bytes.
 *
 * @example
 * const agentvm = new AgentVM({ endpoint: "http://localhost:8000", apiKey: "development-key" });
 * const agent = await agentvm.agents.create("aider");
 */
export class AgentVM extends Client {
  /** Throws a ConfigError for an option that is wrong. Nothing is sent before the first call. */
  constructor(options: AgentVMOptions = {}) {
    super(options, fetchTransport, lazyParts);
  }
}
