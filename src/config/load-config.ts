import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { DEFAULT_LIMITS } from "../contract/limits.js";
import { checkLimits, checkPresence, checkTransport } from "./checks.js";
import { configError } from "./config-error.js";
import type { AgentVMConfig, ConfiguredClientOptions } from "./config.js";
import {
  DEFAULT_API_TIMEOUT_SECONDS,
  DEFAULT_ENDPOINT,
  DEFAULT_RETRY_ATTEMPTS,
  DEVELOPMENT_KEY,
} from "./config.js";
import type { Environment } from "./environment.js";
import { ENVIRONMENTS, isEnvironment } from "./environment.js";
import type { Variables } from "./expand.js";
import { variable } from "./expand.js";
import { readKeys } from "./keys.js";
import { loggerFor } from "./logger.js";
import { readLogging } from "./logging.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";
import type { Profile } from "./profile.js";
import { readProfile } from "./profile.js";
import type { Resolved } from "./resolve.js";
import { resolveSetting, valueOr } from "./resolve.js";
import type { Setting } from "./settings.js";
import { settings } from "./settings.js";

/** How `loadConfig` is asked. */
export interface LoadConfigOptions {
  /** The environment; without it `AGENT_ENV`, and without that `development`. */
  readonly environment?: Environment | undefined;
  /** The folder of the profiles, from `cwd`. Default `configs`. */
  readonly directory?: string | undefined;
  /** The variables that override the profile. Default `process.env`. */
  readonly env?: Variables | undefined;
  /** The folder that `directory` is looked for in. Default the process's working directory. */
  readonly cwd?: string | undefined;
  /**
   * Who reads the configuration. A `client` (the default) needs to know where the server is;
   * a `server` is the one, and in staging and production needs its API key alone.
   */
  readonly role?: "client" | "server" | undefined;
}

/**
 * Reads `configs/<environment>.yaml` and the environment variables that override it, checks all of it, and
 * gives what the client and the embedded server take. Without a profile, defaults and variables are enough.
 *
 * @throws ConfigError when anything is wrong, missing or unknown: one error that lists every problem with its
 *   file, line, key and what was expected, and shows no value.
 * @example
 * ```ts
 * const config = loadConfig({ environment: "staging" });
 * const agentvm = new AgentVM({ ...config.clientOptions });
 * ```
 */
export function loadConfig(options: LoadConfigOptions = {}): AgentVMConfig {
  const env = options.env ?? process.env;
  const problems: ConfigProblem[] = [];
  const environment = chooseEnvironment(options.environment, env);
  const profile = findProfile(environment, options, problems);
  problems.push(...profile.problems);

  const read = <T>(setting: Setting<T>): Resolved<T> => resolveSetting(setting, profile, env, problems);
  const endpoint = read(settings.endpoint);
  const websocketUrl = besideEndpoint(read(settings.websocketUrl), endpoint);
  const timeoutSeconds = read(settings.timeoutSeconds);
  const retries = read(settings.retries);
  const apiKey = read(settings.apiKey);
  const apiKeys = readKeys(profile, env, problems);
  const maxAgents = read(settings.maxAgents);
  const autoSpawn = read(settings.autoSpawn);
  const minIdleAgents = read(settings.minIdleAgents);
  const logging = readLogging(env, problems);

  // A profile that does not parse holds no values; to call those missing would only hide the cause.
  if (profile.problems.length === 0 || profile.entries.size > 0) {
    checkPresence(environment, profile, options.role ?? "client", { endpoint, apiKey, apiKeys }, problems);
  }
  checkTransport(environment, endpoint, problems);
  checkTransport(environment, websocketUrl, problems);
  checkLimits(maxAgents, minIdleAgents, problems);
  if (problems.length > 0) throw configError(problems);

  const max_agents = valueOr(maxAgents, DEFAULT_LIMITS.max_agents);
  return {
    environment,
    file: profile.exists ? profile.file : null,
    clientOptions: withoutSecrets({
      environment,
      endpoint: valueOr(endpoint, DEFAULT_ENDPOINT),
      websocketUrl: valueOr(websocketUrl, undefined),
      apiKey: valueOr(apiKey, DEVELOPMENT_KEY),
      timeoutMs: valueOr(timeoutSeconds, DEFAULT_API_TIMEOUT_SECONDS) * 1_000,
      retries: valueOr(retries, DEFAULT_RETRY_ATTEMPTS),
      logger: loggerFor(logging.logLevel),
    }),
    hasOwnKey: apiKey.kind === "value",
    apiKeys,
    limits: {
      max_agents,
      auto_spawn: valueOr(autoSpawn, DEFAULT_LIMITS.auto_spawn),
      min_idle_agents: valueOr(minIdleAgents, Math.min(DEFAULT_LIMITS.min_idle_agents, max_agents)),
    },
    ...logging,
  };
}

/** A profile's stream is that of the profile's endpoint: where a variable names another server, it would be shown that one's key. */
function besideEndpoint(websocketUrl: Resolved<string>, endpoint: Resolved<string>): Resolved<string> {
  const isElsewhere = endpoint.kind === "value" && endpoint.place.variable !== null;
  const isOfProfile = websocketUrl.kind === "value" && websocketUrl.place.variable === null;
  return isElsewhere && isOfProfile ? { kind: "absent" } : websocketUrl;
}

function chooseEnvironment(asked: string | undefined, env: Variables): Environment {
  const name = asked ?? variable(env, "AGENT_ENV")?.trim() ?? "development";
  if (isEnvironment(name)) return name;
  // Without knowing the environment there is no profile to look at, so this problem stands alone.
  const message = `expected one of ${ENVIRONMENTS.join(", ")}, found other text`;
  throw configError([
    asked === undefined
      ? problem({ variable: "AGENT_ENV", message })
      : problem({ key: "environment", message }),
  ]);
}

function findProfile(
  environment: Environment,
  options: LoadConfigOptions,
  problems: ConfigProblem[],
): Profile {
  const cwd = options.cwd ?? process.cwd();
  const directory = options.directory ?? "configs";
  const profile = readProfile(join(directory, `${environment}.yaml`), cwd);
  const other = join(directory, `${environment}.yml`);
  if (!profile.exists && existsSync(resolve(cwd, other)))
    problems.push(problem({ file: other, message: `is not read; expected the name ${profile.file}` }));
  return profile;
}

/** Hides the key from `console.log` and `JSON.stringify`, which is where configurations are leaked. */
function withoutSecrets(options: ConfiguredClientOptions): ConfiguredClientOptions {
  const shown = () => ({ ...options, apiKey: "(not shown)" });
  Object.defineProperty(options, inspect.custom, { value: shown, enumerable: false });
  Object.defineProperty(options, "toJSON", { value: shown, enumerable: false });
  return options;
}
