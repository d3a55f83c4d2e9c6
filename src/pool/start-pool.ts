import { AgentPool } from "./agent-pool.js";
import { poolSettings } from "./pool-options.js";
import type { PoolOptions } from "./pool-options.js";
import type { PoolParts } from "./pool-parts.js";

/**
 * Begins a pool; it is given when the agents that it keeps ready are there.
 *
 * @throws ConfigError for options that are wrong; what `agents.create` throws.
 */
export async function startPool(options: PoolOptions, parts: PoolParts): Promise<AgentPool> {
  return new AgentPool(poolSettings(options), parts).start();
}
