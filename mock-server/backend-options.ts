import * as z from "zod/mini";
import { agentTypeSchema, describeDetail, issuesToDetail, limitsSchema } from "../src/contract/index.js";
import type { AgentType, Clock, Limits, SystemStatus } from "../src/contract/index.js";
import type { ClockMode, Ids, SeededRandom } from "./engine/index.js";
import type { Documents } from "./http/types.js";

/** How a backend is made. Every option may be left out. */
export interface BackendOptions {
  /** Where chance and ids begin: the same seed, calls and manual clock give the same events. Default: another each time. */
  readonly seed?: number;
  /** Keys that may call, at most 100. Default `["development-key"]`. */
  readonly apiKeys?: readonly string[];
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * How time goes: `"real"` (default) with the machine's, `"manual"` only by `clock.advance(ms)` from 2026-01-01 on,
   * `{ speed: 20 }` twenty times as fast as the machine's, 0 being paused.
   */
  readonly clock?: ClockMode;
  /** What `snapshot()` of an earlier backend gave. A snapshot of a newer version is refused with a clear error. */
  readonly snapshot?: unknown;
  /**
   * Pages that may call over a network: origins like `"https://example.com"`, `"loopback"` for pages on this machine,
   * `"null"` for sandboxed frames and files, `"*"` for all. Default `["loopback"]`.
   */
  readonly corsOrigins?: readonly string[];
  /** Types of agents that can be created. Default: the contract's four. */
  readonly agentTypes?: readonly AgentType[];
  /** Told what went wrong inside by mistake; callers are told nothing of it but the request id. Default: nobody. */
  readonly onError?: (error: unknown, requestId: string | null) => void;
  /** Handed in by hosts and tests; each has a default that a user needs not think of. */
  readonly parts?: Partial<BackendParts>;
}

/** What a backend takes from outside: the machine's things, and what a test wants to know beforehand. */
export interface BackendParts {
  /** What the backend's clock is driven by. Default: the machine's clock. */
  readonly baseClock: Clock;
  /** The time of connections. Default: the base clock; with a manual clock the backend's own, so that all time is one. */
  readonly wallClock: Clock;
  readonly random: SeededRandom;
  readonly ids: Ids;
  /** Makes a session's secret. Default: 256 bits of the platform's secure source. */
  readonly tokens: () => string;
  /** Makes the id of a request that brought none. */
  readonly requestId: () => string;
  /** Milliseconds from any beginning, for how long answers take. Default: the platform's finest; with a manual clock its own. */
  readonly stopwatch: () => number;
  /** What the process uses. Default: not known. */
  readonly resources: () => SystemStatus["resources"];
  /** The texts of `/openapi.json`, `/asyncapi.json` and `/docs`. Default: the generated ones. */
  readonly documents: Documents;
}

/** The key that a backend takes when it was told of none. */
export const DEFAULT_API_KEY = "development-key";

const functionSchema = z.custom((value) => typeof value === "function", {
  error: "must be a function",
});

const optionsSchema = z.strictObject({
  seed: z.optional(z.number()),
  apiKeys: z.optional(z.array(z.string())),
  limits: z.optional(z.partial(z.strictObject(limitsSchema.shape))),
  clock: z.optional(
    z.union([z.enum(["real", "manual"]), z.strictObject({ speed: z.number().check(z.gte(0)) })], {
      error: 'must be "real", "manual" or { speed: a number from 0 up }',
    }),
  ),
  snapshot: z.optional(z.unknown()),
  corsOrigins: z.optional(z.array(z.string())),
  agentTypes: z.optional(z.array(agentTypeSchema).check(z.minLength(1))),
  onError: z.optional(functionSchema),
  parts: z.optional(z.unknown()),
});

/**
 * Refuses options that are wrong or unknown, all of them in one sentence.
 *
 * @throws TypeError that names each option and what was expected.
 */
export function checkOptions(options: BackendOptions): void {
  const result = z.safeParse(optionsSchema, options);
  if (result.success) return;
  throw new TypeError(
    `The backend's options are not valid: ${describeDetail(issuesToDetail(result.error.issues, "options"))}.`,
  );
}
