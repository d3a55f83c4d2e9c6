import { AgentVM as OverAxios } from "../../src/index.js";
import { AgentVM as OverFetch } from "../../src/slim.js";
import type { AgentVMOptions } from "../../src/index.js";

/** The client over either transport; both have to behave the same. */
export type AnyAgentVM = OverAxios | OverFetch;

/** Both entries, for `describe.each`. */
export const transports: readonly [name: string, make: (options?: AgentVMOptions) => AnyAgentVM][] = [
  ["over axios", (options) => new OverAxios(options)],
  ["over fetch", (options) => new OverFetch(options)],
];
