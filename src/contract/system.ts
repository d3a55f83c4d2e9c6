import * as z from "./zod.js";
import { checked, open, record } from "./schema.js";
import { countSchema, shareSchema, timestampSchema } from "./primitives.js";

/** The answer to `GET /health`. */
export const healthAnswerSchema = z.object({
  status: open("healthy", "degraded"),
  service: z.string(),
  version: z.string(),
  timestamp: timestampSchema,
});

const millisecondsSchema = checked(z.number(), z.gte(0));

/** How a server is doing. */
export const systemStatusSchema = z.object({
  total_agents: countSchema,
  idle_agents: countSchema,
  /** How many agents are in each state, states of a later server among them. */
  agents_by_state: record(countSchema),
  active_tasks: countSchema,
  pending_tasks: countSchema,
  completed_tasks: countSchema,
  failed_tasks: countSchema,
  cancelled_tasks: countSchema,
  /** Share of the tasks that are over which were completed; 0 while none is. */
  task_completion_rate: shareSchema,
  /** Agents that one game may have; `total_agents` counts those of all. */
  max_agents: countSchema,
  auto_spawn: z.boolean(),
  min_idle_agents: countSchema,
  sessions: countSchema,
  websocket_clients: countSchema,
  uptime_seconds: checked(z.number(), z.gte(0)),
  requests: countSchema,
  /** Share of the requests that were answered with a status of 500 or more. */
  error_rate: shareSchema,
  /** Milliseconds that the last requests took: median, 95th and 99th percentile. */
  response_time_ms: z.object({ p50: millisecondsSchema, p95: millisecondsSchema, p99: millisecondsSchema }),
  /** What the process uses; null where the host cannot tell. */
  resources: z.nullable(z.object({ heap_bytes: countSchema, cpu_seconds: checked(z.number(), z.gte(0)) })),
  api_connected: z.boolean(),
});
export type SystemStatus = z.output<typeof systemStatusSchema>;

/** The answer to `GET /system/status`. */
export const systemStatusAnswerSchema = z.object({
  success: z.literal(true),
  status: systemStatusSchema,
  timestamp: timestampSchema,
});
