import { LIMITS_MAX, limitsSchema } from "../contract/limits.js";
import type { Schema } from "../contract/index.js";
import * as z from "zod/mini";
import { checked, whole } from "../contract/schema.js";
import { addressRules } from "./endpoint.js";
import { reason } from "./reason.js";

/** One value of a profile: where it stands, what overrides it, what it must be. */
export interface Setting<T> {
  /** Its place in the profile. */
  readonly key: string;
  /** The environment variable that overrides it; null when none does. */
  readonly variable: string | null;
  readonly wanted: "text" | "number" | "boolean";
  readonly schema: Schema<T>;
  /** What a right value is, after "expected". */
  readonly expected: string;
}

/** The longest time that one call may be given, in seconds; a higher number was meant as milliseconds. */
export const API_TIMEOUT_MAX_SECONDS = 600;

/** Retries of one call at the most. */
export const RETRY_ATTEMPTS_MAX = 10;

/** Every value that a profile may hold. */
export const settings = {
  endpoint: {
    key: "api.endpoint",
    variable: "API_ENDPOINT",
    wanted: "text",
    schema: checked(z.string(), ...addressRules("http")),
    expected: "the URL of an AgentVM server, such as https://agents.example.com",
  } satisfies Setting<string>,
  websocketUrl: {
    key: "api.websocket_url",
    variable: "API_WEBSOCKET_URL",
    wanted: "text",
    schema: checked(z.string(), ...addressRules("ws")),
    expected: "the URL of the event stream, such as wss://agents.example.com/ws",
  } satisfies Setting<string>,
  timeoutSeconds: {
    key: "api.timeout",
    variable: null,
    wanted: "number",
    schema: checked(z.number(), z.gt(0), z.lte(API_TIMEOUT_MAX_SECONDS)),
    expected: `seconds that one attempt may take, above 0 and up to ${API_TIMEOUT_MAX_SECONDS}`,
  } satisfies Setting<number>,
  retries: {
    key: "api.retry_attempts",
    variable: null,
    wanted: "number",
    schema: checked(whole(), z.gte(0), z.lte(RETRY_ATTEMPTS_MAX)),
    expected: `a whole number from 0 to ${RETRY_ATTEMPTS_MAX}`,
  } satisfies Setting<number>,
  apiKey: {
    key: "agentvm.api_key",
    variable: "AGENTVM_API_KEY",
    wanted: "text",
    schema: checked(
      z.string(),
      reason("it has a space, a line break or a character outside ASCII", (key) =>
        /^[\x21-\x7e]+$/.test(key),
      ),
      reason("it is longer than 1024 characters", (key) => key.length <= 1_024),
    ),
    expected: "an API key: printable ASCII without spaces",
  } satisfies Setting<string>,
  maxAgents: {
    key: "system.max_agents",
    variable: "MAX_AGENTS",
    wanted: "number",
    schema: limitsSchema.shape.max_agents,
    expected: "a whole number from 1 up",
  } satisfies Setting<number>,
  autoSpawn: {
    key: "system.auto_spawn",
    variable: "AUTO_SPAWN",
    wanted: "boolean",
    schema: limitsSchema.shape.auto_spawn,
    expected: "true or false",
  } satisfies Setting<boolean>,
  minIdleAgents: {
    key: "system.min_idle_agents",
    variable: "MIN_IDLE_AGENTS",
    wanted: "number",
    schema: checked(whole(), z.gte(0), z.lte(LIMITS_MAX.min_idle_agents)),
    expected: `a whole number from 0 to ${LIMITS_MAX.min_idle_agents}`,
  } satisfies Setting<number>,
} as const;

/** Where a profile lists keys that a server takes beside `agentvm.api_key`. */
export const LISTED_KEYS = "agentvm.api_keys";

/** Keys that it may list. */
export const LISTED_KEYS_MAX = 99;

/** What one of them may say. */
export const KEY_FIELDS: readonly string[] = ["name", "role", "secret", "sha256"];

/** The keys of a profile, as `section.name`. */
export const PROFILE_KEYS: readonly string[] = [
  ...Object.values(settings).map(({ key }) => key),
  LISTED_KEYS,
];
