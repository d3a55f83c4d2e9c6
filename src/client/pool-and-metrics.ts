import { agentRoutes } from "../contract/routes/agents.js";
import type { Clock, Random } from "../contract/index.js";
import type { AgentPool } from "../pool/agent-pool.js";
import type { PoolOptions } from "../pool/pool-options.js";
import type { PoolParts } from "../pool/pool-parts.js";
import { startPool } from "../pool/start-pool.js";
import type { Caller } from "./http/caller.js";
import type { analyticsRoutes } from "../contract/routes/analytics.js";
import { assertLive, GOODBYE_MS } from "../lifetime.js";
import type { Lifetime } from "../lifetime.js";
import type { CallWatch } from "./http/call-watch.js";
import type { ClientMetrics } from "../metrics/client-metrics.js";
import type { MetricsOptions } from "../metrics/metrics-options.js";
import type { MetricsParts } from "../metrics/metrics-parts.js";
import { startMetrics } from "../metrics/start-metrics.js";
import type { EventStream } from "./stream/event-stream.js";
import type { Agents } from "./resources/agents.js";
import type { Game } from "./resources/game.js";
import type { System } from "./resources/system.js";
import type { Tasks } from "./resources/tasks.js";
import type { ClientStats } from "../stats.js";

/** What pools and measuring do their work with. */
export interface PoolAndMetricsParts {
  /** Gets the calls about what is measured. */
  readonly load: () => Promise<{ readonly analyticsRoutes: typeof analyticsRoutes }>;
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly game: Game;
  readonly system: System;
  /** Makes calls when the client is closed already. */
  readonly farewell: Caller;
  readonly stream: EventStream;
  readonly clock: Clock;
  readonly random: Random;
  readonly lifetime: Lifetime;
  readonly watch: CallWatch;
  readonly stats: () => ClientStats;
  readonly gameId: () => string | null;
  readonly report: (error: unknown) => void;
}

/** The pools and the measuring of a client, which come with their code when the first of them is wanted. */
export class PoolAndMetrics {
  readonly #parts: PoolAndMetricsParts;
  readonly #goodbyes: Promise<unknown>[] = [];
  #metrics: ClientMetrics | null = null;

  constructor(parts: PoolAndMetricsParts) {
    this.#parts = parts;
  }

  async pool(options: PoolOptions): Promise<AgentPool> {
    assertLive(this.#parts.lifetime, undefined, "pool");
    return startPool(options, this.#poolParts());
  }

  async metrics(options: MetricsOptions): Promise<ClientMetrics> {
    await this.#metrics?.close();
    assertLive(this.#parts.lifetime, undefined, "metrics");
    this.#metrics = await startMetrics(options, this.#metricsParts());
    return this.#metrics;
  }

  /** Waits for what had still to be said to the server when the client was closed. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#goodbyes);
  }

  #poolParts(): PoolParts {
    const { agents, tasks, farewell, stream, clock, random, lifetime, report } = this.#parts;
    return {
      clock,
      random,
      lifetime,
      create: (body) => agents.create(body),
      remove: (agentId) => {
        if (!lifetime.isOver) return agents.remove(agentId);
        const input = { params: { agent_id: agentId } };
        return this.#goodbye(farewell.json(agentRoutes.agentRemove, input, { timeoutMs: GOODBYE_MS }));
      },
      assign: (task) => tasks.assign(task),
      on: (name, listener) => stream.on(name, listener),
      report,
    };
  }

  #metricsParts(): MetricsParts {
    const { load, game, system, farewell, stream, clock, lifetime, watch, stats, gameId, report } =
      this.#parts;
    return {
      clock,
      lifetime,
      watch,
      stats,
      on: (name, listener) => stream.on(name, listener),
      agents: async () => {
        const id = gameId();
        return id === null ? [] : (await game.agents(id)).agents;
      },
      report: (events) => {
        if (!lifetime.isOver) return system.reportAnalytics([...events]);
        const report = async (): Promise<unknown> => {
          const { analyticsRoutes } = await load();
          return farewell.json(
            analyticsRoutes.analyticsEvents,
            { body: { events } },
            { timeoutMs: GOODBYE_MS },
          );
        };
        return this.#goodbye(report());
      },
      failed: report,
    };
  }

  #goodbye<T>(said: Promise<T>): Promise<T> {
    this.#goodbyes.push(said);
    return said;
  }
}
