import * as z from "zod/mini";
import { atLeast } from "./checks.js";
import type { AgentState } from "./agents.js";
import { countSchema, shareSchema, timestampSchema } from "./primitives.js";

export const healthAnswerSchema = z.object({
  status: z.literal(["healthy", "degraded"]),
  service: z.string(),
  version: z.string(),
  timestamp: timestampSchema,
});

const millisecondsSchema = z.number().check(atLeast(0));

const agentsByStateSchema = z.object({
  idle: countSchema,
  thinking: countSchema,
  coding: countSchema,
  speaking: countSchema,
  moving: countSchema,
  collaborating: countSchema,
  error: countSchema,
} satisfies Record<AgentState, typeof countSchema>);

/** How a server is doing. */
export const systemStatusSchema = z.object({
  total_agents: countSchema,
  idle_agents: countSchema,
  agents_by_state: agentsByStateSchema,
  active_tasks: countSchema,
  pending_tasks: countSchema,
  completed_tasks: countSchema,
  failed_tasks: countSchema,
  cancelled_tasks: countSchema,
  /** Share of the tasks that are over which were completed; 0 while none is. */
  task_completion_rate: shareSchema,
  max_agents: countSchema,
  auto_spawn: z.boolean(),
  min_idle_agents: countSchema,
  sessions: countSchema,
  websocket_clients: countSchema,
  uptime_seconds: z.number().check(atLeast(0)),
  requests: countSchema,
  /** Share of the requests that were answered with a status of 500 or more. */
  error_rate: shareSchema,
  /** Milliseconds that the last requests took: median, 95th and 99th percentile. */
  response_time_ms: z.object({ p50: millisecondsSchema, p95: millisecondsSchema, p99: millisecondsSchema }),
  /** What the process uses; null where the host cannot tell. */
  resources: z.nullable(z.object({ heap_bytes: countSchema, cpu_seconds: z.number().check(atLeast(0)) })),
  api_connected: z.boolean(),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;

export const systemStatusAnswerSchema = z.object({
  success: z.literal(true),
  status: systemStatusSchema,
  timestamp: timestampSchema,
});
