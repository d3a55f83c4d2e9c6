import { DEFAULT_LIMITS } from "../contract/limits.js";
import { isLoopback } from "./endpoint.js";
import type { Environment } from "./environment.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";
import type { Profile } from "./profile.js";
import type { Resolved } from "./resolve.js";
import { valueOr } from "./resolve.js";
import type { Setting } from "./settings.js";
import { settings } from "./settings.js";

/** Says what is missing that has no default here. */
export function checkPresence(
  environment: Environment,
  profile: Profile,
  role: "client" | "server",
  values: {
    readonly endpoint: Resolved<string>;
    readonly apiKey: Resolved<string>;
    readonly apiKeys: readonly unknown[];
  },
  problems: ConfigProblem[],
): void {
  const guarded = environment !== "development";
  const leavesTheMachine = values.endpoint.kind === "value" && !isLoopback(values.endpoint.value);
  const missing = (setting: Setting<unknown>, why: string): void => {
    const source = profile.exists ? "" : " (there is no such file)";
    const message = `is missing${source}; expected ${setting.expected}, here or in ${String(setting.variable)}, ${why}`;
    problems.push(problem({ file: profile.file, key: setting.key, message }));
  };
  if (role === "client" && guarded && values.endpoint.kind === "absent")
    missing(settings.endpoint, `because ${environment} has no default for it`);
  if (values.apiKey.kind !== "absent") return;
  // A server that has keys of its own lets nobody in with another.
  if (role === "server" && values.apiKeys.length > 0) return;
  if (guarded) missing(settings.apiKey, `because ${environment} has no default for it`);
  else if (role === "client" && leavesTheMachine)
    missing(settings.apiKey, "because the endpoint is not this machine");
}

/** Holds production to https and wss, except on this machine. */
export function checkTransport(
  environment: Environment,
  address: Resolved<string>,
  problems: ConfigProblem[],
): void {
  if (environment !== "production" || address.kind !== "value") return;
  const { protocol } = new URL(address.value);
  const [plain, secure] = protocol.startsWith("ws") ? ["ws:", "wss"] : ["http:", "https"];
  if (protocol !== plain || isLoopback(address.value)) return;
  const message = `expected ${secure}:// in production, where only this machine may be called without it`;
  problems.push({ ...address.place, message });
}

/** Holds the limits to one another. */
export function checkLimits(
  maxAgents: Resolved<number>,
  minIdleAgents: Resolved<number>,
  problems: ConfigProblem[],
): void {
  if (minIdleAgents.kind !== "value" || maxAgents.kind === "wrong") return;
  const most = valueOr(maxAgents, DEFAULT_LIMITS.max_agents);
  if (minIdleAgents.value <= most) return;
  const message = `expected at most system.max_agents, which is ${most}, found ${minIdleAgents.value}`;
  problems.push({ ...minIdleAgents.place, message });
}
