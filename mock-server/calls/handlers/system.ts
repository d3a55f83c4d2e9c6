import { PACKAGE_VERSION } from "../../../src/contract/version.js";
import type { SystemStatus } from "../../../src/contract/index.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";
import { SERVICE_NAME } from "./games.js";

type SystemOperations = Pick<OperationTable, "health" | "systemStatus">;

/** The calls about the server itself. */
export function systemOperations(parts: OperationParts, status: () => SystemStatus): SystemOperations {
  const { clock } = parts;
  const timestamp = (): string => new Date(clock.now()).toISOString();

  return {
    health: () => ({
      answer: {
        status: parts.healthy() ? "healthy" : "degraded",
        service: SERVICE_NAME,
        version: PACKAGE_VERSION,
        timestamp: timestamp(),
      },
    }),
    systemStatus: () => ({ answer: { success: true, status: status(), timestamp: timestamp() } }),
  };
}

/** How the server is doing. `startedAt` is of the wall clock, as uptime is. */
export function statusOf(parts: OperationParts, startedAt: number): SystemStatus {
  const { engine, wallClock, stats } = parts;
  const counts = engine.counts();
  const [p50 = 0, p95 = 0, p99 = 0] = stats.percentiles([0.5, 0.95, 0.99]);
  return {
    total_agents: counts.total_agents,
    idle_agents: counts.idle_agents,
    agents_by_state: counts.agents_by_state,
    active_tasks: counts.active_tasks,
    pending_tasks: counts.pending_tasks,
    completed_tasks: counts.completed_tasks,
    failed_tasks: counts.failed_tasks,
    cancelled_tasks: counts.cancelled_tasks,
    task_completion_rate: counts.task_completion_rate,
    max_agents: counts.max_agents,
    auto_spawn: counts.auto_spawn,
    min_idle_agents: counts.min_idle_agents,
    sessions: counts.sessions,
    websocket_clients: parts.websocketClients(),
    uptime_seconds: Math.max(0, wallClock.now() - startedAt) / 1_000,
    requests: stats.requests,
    error_rate: stats.errorRate(),
    response_time_ms: { p50, p95, p99 },
    resources: parts.resources(),
    // The server that answers is the one that is asked about.
    api_connected: true,
  };
}
