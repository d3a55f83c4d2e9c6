import { Client } from "./client/client.js";
import { axiosTransport } from "./client/http/axios-transport.js";
import { lazyParts } from "./lazy/load.js";
import type { AgentVMOptions } from "./options.js";

/**
 * The client of an AgentVM server, one for each game. It sends with axios.
 *
 * @example
 * const agentvm = new AgentVM({ endpoint: "http://localhost:8000", apiKey: "development-key" });
 * await agentvm.connect({ game_name: "My game" });
 * const agent = await agentvm.agents.create("aider");
 * const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
 * console.log(await task.result());
 * await agentvm.close();
 */
export class AgentVM extends Client {
  /** Throws a ConfigError for an option that is wrong. Nothing is sent before the first call. */
  constructor(options: AgentVMOptions = {}) {
    super(options, axiosTransport, lazyParts);
  }
}
