import { AgentVM as OverAxios } from "../../src/index.js";
import { AgentVM as OverFetch } from "../../src/slim.js";
import type { AgentVMOptions, Fetch } from "../../src/index.js";

/** The client over either transport; both have to behave the same. */
export type AnyAgentVM = OverAxios | OverFetch;

type Way = readonly [name: string, make: (options?: AgentVMOptions) => AnyAgentVM];

/** A test that scripts what calls are answered scripts no event stream, and hands in no WebSocket to reach one. */
function withStream(options: AgentVMOptions = {}): AgentVMOptions {
  return options.WebSocket === undefined ? { events: false, ...options } : options;
}

/** The same options with HTTP all the way: a function around the embedded backend's `fetch` hides the shorter one. */
function overHttp(options: AgentVMOptions = {}): AgentVMOptions {
  const { fetch } = options;
  if (typeof fetch !== "function") return options;
  const long: Fetch = (input, init) => fetch(input, init);
  return { ...options, fetch: long };
}

/** Both entries, for `describe.each`. */
export const transports: readonly Way[] = [
  ["over axios", (options) => new OverAxios(overHttp(withStream(options)))],
  ["over fetch", (options) => new OverFetch(overHttp(withStream(options)))],
];

/** The same, and the shorter way to an embedded backend. */
export const waysToBackend: readonly Way[] = [
  ...transports,
  ["in the page", (options) => new OverFetch(withStream(options))],
];
