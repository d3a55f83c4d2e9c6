import * as z from "./zod.js";
import { checked, whole } from "./schema.js";
import { countSchema } from "./primitives.js";

/** Bytes a request body may have; a larger one is `413 payload_too_large`. */
export const BODY_MAX_BYTES = 1_048_576;

/**
 * Values that a request body may hold: texts, numbers, lists and objects; more are `413 payload_too_large`. The largest lists of the contract
 * are well below it.
 */
export const BODY_VALUES_MAX = 20_000;

/** Seconds for which a server remembers an `Idempotency-Key` and the answer that it gave (24 h). */
export const IDEMPOTENCY_TTL_SECONDS = 86_400;

/** Bytes that one game may hold unless a server says otherwise (16 MiB). */
const GAME_BYTES = 16_777_216;

/** Seconds for which a worker may be silent, and how often a task is begun, unless a server says otherwise. */
const LEASE_SECONDS = 30;
const MAX_ATTEMPTS = 2;

const positiveInt = checked(whole(), z.gte(1));

/** What a server is configured with and tells at connect. */
export const limitsSchema = z.object({
  /** Agents that one game may have at the same time; those of no game are counted as if they were one's. */
  max_agents: positiveInt,
  /** Agents that are kept ready where `auto_spawn` is on. */
  min_idle_agents: countSchema,
  /** Whether the server keeps `min_idle_agents` spare agents ready by itself. A team's missing members are made either way. */
  auto_spawn: z.boolean(),
  /** Characters of a prompt at the most. */
  prompt_max_characters: positiveInt,
  /** Seconds for which a task that is over can still be read. */
  completed_task_ttl_seconds: positiveInt,
  /** Seconds for which a game session lives after its last call; it lives on while its event stream is open. */
  session_ttl_seconds: positiveInt,
  /** Seconds for which a game stays whose last session has ended, before its agents go; a game connected with `keep` stays for good. */
  leave_grace_seconds: countSchema,
  /** Requests a minute that one key may make. */
  rate_limit_per_minute: positiveInt,
  /** Events of each game that the log keeps for clients that resume; fewer where they are long. */
  event_buffer: positiveInt,
  /** Bytes that one game may hold in agents, tasks, outputs, scenes and answers that are kept to give again; what is over makes room. */
  game_bytes: z._default(positiveInt, () => GAME_BYTES),
  /** Seconds of silence after which a worker is taken for lost; its tasks go to others. */
  lease_seconds: z._default(positiveInt, () => LEASE_SECONDS),
  /** How often the work on a task is begun at the most, where workers are lost. */
  max_attempts: z._default(positiveInt, () => MAX_ATTEMPTS),
});
export type Limits = z.output<typeof limitsSchema>;

/** The limits of a server that was told nothing else. */
export const DEFAULT_LIMITS: Limits = {
  max_agents: 10,
  min_idle_agents: 2,
  auto_spawn: false,
  prompt_max_characters: 10_000,
  completed_task_ttl_seconds: 86_400,
  session_ttl_seconds: 3_600,
  leave_grace_seconds: 30,
  rate_limit_per_minute: 600,
  event_buffer: 10_000,
  game_bytes: GAME_BYTES,
  lease_seconds: LEASE_SECONDS,
  max_attempts: MAX_ATTEMPTS,
};

/** The most that a server can be configured with, where a larger number is more than it can hold. */
export const LIMITS_MAX = {
  min_idle_agents: 10_000,
  event_buffer: 1_000_000,
  // Six bytes of JSON each at the most, so that an event with a prompt and free data is less than what may wait for a reader.
  prompt_max_characters: 100_000,
} as const;
