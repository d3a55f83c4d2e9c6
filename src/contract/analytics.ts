import * as s from "./schema/index.js";
import { atLeast, noMoreItems, someItems } from "./schema/rules.js";
import { countSchema, idSchema, keywordSchema, textSchema, timestampSchema } from "./primitives.js";

/** Events of one report at the most. */
export const ANALYTICS_EVENTS_MAX = 500;

const durationSchema = s.number(atLeast(0));

/** A call that a client made, with all its tries. */
const callSchema = s.strictObject({
  type: s.literal("call"),
  at: timestampSchema,
  /** Method and path as the contract writes it: `POST /tasks/assign`. */
  call: textSchema(120),
  duration_ms: durationSchema,
  retries: countSchema,
  /** The error's code; null when it went well. */
  error: s.nullable(textSchema(64)),
});

/** A task that is over. */
const taskSchema = s.strictObject({
  type: s.literal("task"),
  at: timestampSchema,
  /** Null where the client heard of its end alone. */
  task_type: s.nullable(keywordSchema),
  agent_type: s.nullable(keywordSchema),
  status: s.literal("completed", "failed", "cancelled"),
  /** Seconds from start to end; null for a task that was cancelled. */
  duration_seconds: s.nullable(durationSchema),
});

/** A player who did something with an agent. */
const interactionSchema = s.strictObject({
  type: s.literal("interaction"),
  at: timestampSchema,
  agent_id: idSchema,
  agent_type: s.nullable(keywordSchema),
  /** What the player did: `click`, `talk`, … */
  kind: keywordSchema,
});

/** A change of a client's event stream. */
const connectionSchema = s.strictObject({
  type: s.literal("connection"),
  at: timestampSchema,
  /** What the stream is now. */
  status: keywordSchema,
  /** Why it was lost; null where it was not. */
  reason: s.nullable(keywordSchema),
});

/** Something that a client measured. */
export const analyticsEventSchema = s.tagged(
  "type",
  callSchema,
  taskSchema,
  interactionSchema,
  connectionSchema,
);
export type AnalyticsEvent = s.Output<typeof analyticsEventSchema>;

export const analyticsEventsBodySchema = s.strictObject({
  events: s.array(analyticsEventSchema, someItems, noMoreItems(ANALYTICS_EVENTS_MAX)),
});

export const analyticsEventsAnswerSchema = s.object({
  success: s.literal(true),
  accepted: countSchema,
});

/** What many events come to. */
export const analyticsSummarySchema = s.object({
  events: countSchema,
  /** By call, the one that was made last standing last. Milliseconds are within a tenth of what they were. */
  calls: s.array(
    s.object({
      call: s.string(),
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
  tasks: s.array(
    s.object({
      task_type: s.nullable(keywordSchema),
      agent_type: s.nullable(keywordSchema),
      completed: countSchema,
      failed: countSchema,
      cancelled: countSchema,
      /** Of those that were completed or failed; 0 while there are none. */
      mean_seconds: durationSchema,
    }),
  ),
  /** By agent. */
  interactions: s.array(
    s.object({ agent_id: idSchema, agent_type: s.nullable(keywordSchema), count: countSchema }),
  ),
  connections: s.object({
    /** How often a stream was live again after it was lost. */
    reconnects: countSchema,
    /** How often one was lost. */
    losses: countSchema,
  }),
});
export type AnalyticsSummary = s.Output<typeof analyticsSummarySchema>;

export const analyticsQuerySchema = s.strictObject({ game_id: s.optional(idSchema) });

export const analyticsSummaryAnswerSchema = s.object({
  success: s.literal(true),
  /** Since when events are counted: the server's start. */
  since: timestampSchema,
  summary: analyticsSummarySchema,
});
