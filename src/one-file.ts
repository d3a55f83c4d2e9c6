import { Client } from "./client/client.js";
import { fetchTransport } from "./client/http/fetch-transport.js";
import { wholeParts } from "./lazy/whole.js";
import type { AgentVMOptions } from "./options.js";

/** The client over `fetch` for a script that is one file: nothing of it is loaded later. */
export class AgentVM extends Client {
  /** Throws a ConfigError for an option that is wrong. Nothing is sent before the first call. */
  constructor(options: AgentVMOptions = {}) {
    super(options, fetchTransport, wholeParts);
  }
}
