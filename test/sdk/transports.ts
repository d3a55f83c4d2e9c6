import { AgentVM as OverAxios } from "../../src/index.js";
import { AgentVM as OverFetch } from "../../src/slim.js";
import type { AgentVMOptions } from "../../src/index.js";

/** The client over either transport; both have to behave the same. */
export type AnyAgentVM = OverAxios | OverFetch;

/** A test that scripts what calls are answered scripts no event stream, and hands in no WebSocket to reach one. */
function withStream(options: AgentVMOptions = {}): AgentVMOptions {
  return options.WebSocket === undefined ? { events: false, ...options } : options;
}

/** Both entries, for `describe.each`. */
export const transports: readonly [name: string, make: (options?: AgentVMOptions) => AnyAgentVM][] = [
  ["over axios", (options) => new OverAxios(withStream(options))],
  ["over fetch", (options) => new OverFetch(withStream(options))],
];
