import type { Limits } from "../contract/index.js";
import type { Logger } from "../client/http/logger.js";
import type { Environment } from "./environment.js";
import type { ConfiguredKey } from "./keys.js";
import type { LogLevel } from "./logging.js";

/** Where a server listens that was told nothing else. */
export const DEFAULT_ENDPOINT = "http://localhost:8000";

/** The key of every backend on a developer's own machine. It is no secret, and it is used for loopback alone. */
export const DEVELOPMENT_KEY = "development-key";

/** Seconds that one attempt of a call may take when nothing is said. */
export const DEFAULT_API_TIMEOUT_SECONDS = 30;

/** Retries of a call when nothing is said. */
export const DEFAULT_RETRY_ATTEMPTS = 2;

/** What a configuration gives to `new AgentVM({ ...config.clientOptions })`. */
export interface ConfiguredClientOptions {
  readonly environment: Environment;
  readonly endpoint: string;
  /** Where the event stream is; undefined where nothing is said, and it is beside the endpoint. */
  readonly websocketUrl: string | undefined;
  /** Secret. It is left out where the object is printed or written as JSON. */
  readonly apiKey: string;
  /** Milliseconds that one attempt may take. */
  readonly timeoutMs: number;
  /** Retries after the first attempt. */
  readonly retries: number;
  /** Writes to standard error what `LOG_LEVEL` and `DEBUG` ask for. */
  readonly logger: Logger;
}

/** A configuration that was checked as a whole. */
export interface AgentVMConfig {
  readonly environment: Environment;
  /** The profile that was read, as it was looked for; null when there is none. */
  readonly file: string | null;
  /** For the constructor of `AgentVM`. */
  readonly clientOptions: ConfiguredClientOptions;
  /** Whether `agentvm.api_key` was given; where it was not, `clientOptions` has the well-known one. */
  readonly hasOwnKey: boolean;
  /** The keys of `agentvm.api_keys`, for the `apiKeys` of a server, which holds of their secrets no more than this: the SHA-256. */
  readonly apiKeys: readonly ConfiguredKey[];
  /** For `startMockServer` and `createMockBackend`. */
  readonly limits: Pick<Limits, "max_agents" | "auto_spawn" | "min_idle_agents">;
  /** From `LOG_LEVEL`, else `debug` where `DEBUG` is on, else `warn`. */
  readonly logLevel: LogLevel;
  /** Whether `DEBUG` is on. */
  readonly debug: boolean;
}
