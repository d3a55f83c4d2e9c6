import { assembleBackend } from "./assemble.js";
import type { Backend } from "./assemble.js";
import type { BackendOptions } from "./backend-options.js";
import { createHub } from "./realtime/hub.js";

export type { Backend } from "./assemble.js";

/**
 * Makes a whole backend, its event stream included.
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createBackend(options: BackendOptions = {}): Backend {
  return assembleBackend(options, createHub);
}
