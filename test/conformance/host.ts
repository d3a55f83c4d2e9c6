import type { BackendOptions } from "../../mock-server/backend-options.js";
import { cuedWork } from "../work/cued-work.js";
import type { AnyEvent } from "../../src/contract/index.js";

/** A backend behind some host, as the suite sees it. */
export interface ConformanceHost {
  readonly fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Scheme, host and port, without a slash at the end. */
  readonly endpoint: string;
  readonly apiKey: string;
  /** Moves the backend's manual clock on. */
  advance(ms: number): void | Promise<void>;
  /** Every event of the log so far. */
  events(): readonly AnyEvent[];
  close(): void | Promise<void>;
}

/** Starts a backend with these options behind the host that is tested. */
export type StartHost = (options: BackendOptions) => ConformanceHost | Promise<ConformanceHost>;

/** The key that the suite calls with. */
export const API_KEY = "conformance-key";

/**
 * Options under which two hosts must give the same bytes: the same seed, a clock that stands, and tokens and request
 * ids that are known beforehand.
 */
export function hostOptions(changes: BackendOptions = {}): BackendOptions {
  let tokens = 0;
  let requests = 0;
  return {
    seed: 20_260_131,
    clock: "manual",
    apiKeys: [API_KEY],
    ...changes,
    limits: { max_agents: 20, rate_limit_per_minute: 5_000, ...changes.limits },
    parts: {
      tokens: () => `token-${(tokens += 1)}-of-the-conformance-suite`,
      requestId: () => `request-${(requests += 1)}`,
      resources: () => null,
      work: cuedWork,
      ...changes.parts,
    },
  };
}
