import * as z from "./zod.js";
import { checked, list } from "./schema.js";
import { tagged } from "./tagged.js";
import { countSchema, idSchema, keywordSchema, textSchema, timestampSchema } from "./primitives.js";

/** Events of one report at the most. */
export const ANALYTICS_EVENTS_MAX = 500;

const durationSchema = checked(z.number(), z.gte(0));

/** A call that a client made, with all its tries. */
const callSchema = z.strictObject({
  type: z.literal("call"),
  at: timestampSchema,
  /** Method and path as the contract writes it: `POST /tasks/assign`. */
  call: textSchema(120),
  duration_ms: durationSchema,
  retries: countSchema,
  /** The error's code; null when it went well. */
  error: z.nullable(textSchema(64)),
});

/** A task that is over. */
const taskSchema = z.strictObject({
  type: z.literal("task"),
  at: timestampSchema,
  /** Null where the client heard of its end alone. */
  task_type: z.nullable(keywordSchema),
  agent_type: z.nullable(keywordSchema),
  status: z.literal(["completed", "failed", "cancelled"]),
  /** Seconds from start to end; null for a task that was cancelled. */
  duration_seconds: z.nullable(durationSchema),
});

/** A player who did something with an agent. */
const interactionSchema = z.strictObject({
  type: z.literal("interaction"),
  at: timestampSchema,
  agent_id: idSchema,
  agent_type: z.nullable(keywordSchema),
  /** What the player did: `click`, `talk`, … */
  kind: keywordSchema,
});

/** A change of a client's event stream. */
const connectionSchema = z.strictObject({
  type: z.literal("connection"),
  at: timestampSchema,
  /** What the stream is now. */
  status: keywordSchema,
  /** Why it was lost; null where it was not. */
  reason: z.nullable(keywordSchema),
});

/** Something that a client measured. */
export const analyticsEventSchema = tagged("type", [
  callSchema,
  taskSchema,
  interactionSchema,
  connectionSchema,
]);
export type AnalyticsEvent = z.output<typeof analyticsEventSchema>;

/** The body of `POST /analytics/events`. */
export const analyticsEventsBodySchema = z.strictObject({
  events: checked(list(analyticsEventSchema, ANALYTICS_EVENTS_MAX), z.minLength(1)),
});

/** The answer to `POST /analytics/events`. */
export const analyticsEventsAnswerSchema = z.object({
  success: z.literal(true),
  accepted: countSchema,
});

/** What many events come to. */
export const analyticsSummarySchema = z.object({
  events: countSchema,
  /** By call, the one that was made last standing last. Milliseconds are within a tenth of what they were. */
  calls: list(
    z.object({
      call: z.string(),
      count: countSchema,
      errors: countSchema,
      retries: countSchema,
      mean_ms: durationSchema,
      p50_ms: durationSchema,
      p95_ms: durationSchema,
      p99_ms: durationSchema,
    }),
  ),
  /** By kind of work and type of agent; null where that is not known. */
  tasks: list(
    z.object({
      task_type: z.nullable(keywordSchema),
      agent_type: z.nullable(keywordSchema),
      completed: countSchema,
      failed: countSchema,
      cancelled: countSchema,
      /** Of those that were completed or failed; 0 while there are none. */
      mean_seconds: durationSchema,
    }),
  ),
  /** By agent. */
  interactions: list(
    z.object({ agent_id: idSchema, agent_type: z.nullable(keywordSchema), count: countSchema }),
  ),
  connections: z.object({
    /** How often a stream was live again after it was lost. */
    reconnects: countSchema,
    /** How often one was lost. */
    losses: countSchema,
  }),
});
export type AnalyticsSummary = z.output<typeof analyticsSummarySchema>;

/** The query of `GET /analytics/summary`. */
export const analyticsQuerySchema = z.strictObject({ game_id: z.optional(idSchema) });

/** The answer to `GET /analytics/summary`. */
export const analyticsSummaryAnswerSchema = z.object({
  success: z.literal(true),
  /** Since when events are counted: the server's start. */
  since: timestampSchema,
  summary: analyticsSummarySchema,
});
