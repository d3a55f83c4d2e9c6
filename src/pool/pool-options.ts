import type { BodyOf } from "../contract/index.js";
import { ConfigError } from "../errors/config-error.js";

/** How a pool of agents is made. */
export interface PoolOptions {
  /** The type of its agents, or what `agents.create` takes for each of them. */
  readonly type: string | BodyOf<"agentCreate">;
  /** Agents that are kept ready, also when there is nothing to do: the first work finds one. Default 0. */
  readonly min?: number | undefined;
  /** Agents at the most: what work there is beyond them waits in line. Default 4. */
  readonly max?: number | undefined;
  /**
   * Milliseconds after which an agent that nobody used is removed, down to `min`. Default 60000: shorter than that, a game whose work
   * comes in waves creates its agents anew with each of them. Infinity keeps all.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Callers that may wait for an agent at once; one more is refused with `pool_full`. Default 1000. */
  readonly maxWaiting?: number | undefined;
}

/** What is so where the options say nothing. */
export const POOL_DEFAULTS = { min: 0, max: 4, idleTimeoutMs: 60_000, maxWaiting: 1_000 } as const;

/** What the options come to. */
export interface PoolSettings {
  readonly body: BodyOf<"agentCreate">;
  readonly min: number;
  readonly max: number;
  readonly idleTimeoutMs: number;
  readonly maxWaiting: number;
}

type Check = readonly [expected: string, fits: (value: unknown) => boolean];

const COUNT: Check = [
  "a whole number from 0 up",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
];

const checks: Readonly<Record<keyof PoolOptions, Check>> = {
  type: [
    "a type of agent, or what agents.create takes",
    (value) =>
      typeof value === "string" || (typeof value === "object" && value !== null && "agent_type" in value),
  ],
  min: COUNT,
  max: ["a whole number from 1 up", (value) => Number.isSafeInteger(value) && Number(value) >= 1],
  idleTimeoutMs: ["a number of milliseconds from 0 up", (value) => typeof value === "number" && value >= 0],
  maxWaiting: COUNT,
};

function isOption(name: string): name is keyof PoolOptions {
  return Object.hasOwn(checks, name);
}

function wrong(what: string, remediation: string): ConfigError {
  return new ConfigError(`agentvm.pool(): ${what}`, { code: "config", outcome: "not_sent", remediation });
}

/** Checks a pool's options and fills in what was left out; throws one ConfigError for the first that is wrong. */
export function poolSettings(options: PoolOptions): PoolSettings {
  for (const name of Object.keys(options)) {
    if (!isOption(name)) {
      throw wrong(`there is no option ${name}.`, `The options are ${Object.keys(checks).join(", ")}.`);
    }
  }
  for (const [name, [expected, fits]] of Object.entries(checks)) {
    const value: unknown = isOption(name) ? options[name] : undefined;
    const isGiven = value !== undefined || name === "type";
    if (isGiven && !fits(value)) throw wrong(`${name} must be ${expected}.`, `Correct ${name}.`);
  }
  const { type, min = POOL_DEFAULTS.min, max = Math.max(POOL_DEFAULTS.max, min) } = options;
  const { idleTimeoutMs = POOL_DEFAULTS.idleTimeoutMs, maxWaiting = POOL_DEFAULTS.maxWaiting } = options;
  if (min > max) throw wrong(`min is ${min}, above max, which is ${max}.`, "Raise max or lower min.");
  return {
    body: typeof type === "string" ? { agent_type: type } : type,
    min,
    max,
    idleTimeoutMs,
    maxWaiting,
  };
}
