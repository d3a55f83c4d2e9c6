import * as z from "zod/mini";
import { limitsSchema } from "../contract/index.js";
import { endpointFault } from "./endpoint.js";

/** One value of a profile: where it stands, what overrides it, what it must be. */
export interface Setting<T> {
  /** Its place in the profile. */
  readonly key: string;
  /** The environment variable that overrides it; null when none does. */
  readonly variable: string | null;
  readonly wanted: "text" | "number" | "boolean";
  readonly schema: z.ZodMiniType<T>;
  /** What a right value is, after "expected". */
  readonly expected: string;
}

/** The longest time that one call may be given, in seconds; a higher number was meant as milliseconds. */
export const API_TIMEOUT_MAX_SECONDS = 600;

/** Retries of one call at the most. */
export const RETRY_ATTEMPTS_MAX = 10;

const endpointSchema = z.string().check(
  z.refine((text) => endpointFault(text) === null, {
    error: (issue) => endpointFault(String(issue.input)) ?? "",
  }),
);

/** Every value that a profile may hold. */
export const settings = {
  endpoint: {
    key: "api.endpoint",
    variable: "API_ENDPOINT",
    wanted: "text",
    schema: endpointSchema,
    expected: "the URL of an AgentVM server, such as https://agents.example.com",
  } satisfies Setting<string>,
  timeoutSeconds: {
    key: "api.timeout",
    variable: null,
    wanted: "number",
    schema: z.number().check(z.gt(0), z.lte(API_TIMEOUT_MAX_SECONDS)),
    expected: `seconds that one attempt may take, above 0 and up to ${API_TIMEOUT_MAX_SECONDS}`,
  } satisfies Setting<number>,
  retries: {
    key: "api.retry_attempts",
    variable: null,
    wanted: "number",
    schema: z.int().check(z.gte(0), z.lte(RETRY_ATTEMPTS_MAX)),
    expected: `a whole number from 0 to ${RETRY_ATTEMPTS_MAX}`,
  } satisfies Setting<number>,
  apiKey: {
    key: "agentvm.api_key",
    variable: "AGENTVM_API_KEY",
    wanted: "text",
    schema: z
      .string()
      .check(
        z.regex(/^[\x21-\x7e]+$/, { error: "it has a space, a line break or a character outside ASCII" }),
        z.maxLength(1_024, { error: "it is longer than 1024 characters" }),
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
    schema: limitsSchema.shape.min_idle_agents,
    expected: "a whole number from 0 up",
  } satisfies Setting<number>,
} as const;

/** The keys of a profile, as `section.name`. */
export const PROFILE_KEYS: readonly string[] = Object.values(settings).map(({ key }) => key);
