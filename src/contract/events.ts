import * as s from "./schema/index.js";
import { agentSchema, toldAgentStateSchema } from "./agents.js";
import { faultSchema } from "./error-body.js";
import { namesOf } from "./names-of.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  placeSchema,
  shareSchema,
  timestampSchema,
} from "./primitives.js";
import { taskResultSchema, taskSchema } from "./tasks.js";

/** The data of every event, by the event's type. */
export const eventDataSchemas = {
  "agent.created": s.object({ agent: agentSchema }),
  "agent.state_changed": s.object({
    agent_id: idSchema,
    state: toldAgentStateSchema,
    previous_state: toldAgentStateSchema,
    task_id: s.nullable(idSchema),
  }),
  "agent.moved": s.object({
    agent_id: idSchema,
    position: placeSchema,
    scene_id: s.nullable(idSchema),
    sequence: s.nullable(countSchema),
  }),
  "agent.removed": s.object({ agent_id: idSchema }),
  "task.assigned": s.object({ task: taskSchema }),
  "task.started": s.object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: s.nullable(idSchema),
    prompt: s.string(),
    task_type: keywordSchema,
  }),
  "task.progress": s.object({
    task_id: idSchema,
    agent_id: idSchema,
    progress: shareSchema,
    message: s.string(),
  }),
  "task.completed": s.object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: s.nullable(idSchema),
    result: taskResultSchema,
  }),
  "task.failed": s.object({
    task_id: idSchema,
    agent_id: s.nullable(idSchema),
    team_id: s.nullable(idSchema),
    error: faultSchema,
    result: taskResultSchema,
  }),
  "task.cancelled": s.object({
    task_id: idSchema,
    agent_id: s.nullable(idSchema),
    reason: s.nullable(s.string()),
  }),
  "team.completed": s.object({
    team_id: idSchema,
    task_ids: s.array(idSchema),
    succeeded: countSchema,
    failed: countSchema,
  }),
  "scene.updated": s.object({ scene_id: idSchema, game_id: idSchema, revision: countSchema }),
  "session.expiring": s.object({ session_id: idSchema, expires_at: timestampSchema }),
} as const;

/** The name of an event of this contract. */
export type EventType = keyof typeof eventDataSchemas;

/** The data of an event, from its name. */
export type EventData = { [T in EventType]: s.Output<(typeof eventDataSchemas)[T]> };

/** One event of the log, its type known. */
export type EventOf<T extends EventType> = {
  [K in T]: {
    readonly type: K;
    readonly epoch: string;
    /**
     * Grows by one with each event of the epoch but `agent.moved`, which has the number of the event before it: a move stands beside the
     * stream, and of several only the newest may be told.
     */
    readonly seq: number;
    readonly timestamp: string;
    /** The game that the event belongs to; null for what belongs to none. */
    readonly game_id: string | null;
    readonly data: EventData[K];
  };
}[T];

/** Any event of the log; `type` tells which. */
export type AnyEvent = EventOf<EventType>;

/** Whether `type` is one of this contract's events. A server may send others; they are delivered as they are. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventDataSchemas, type);
}

/** The names of all events. */
// Marked, so that a bundle which does not use it drops the schemas too.
export const EVENT_TYPES: readonly EventType[] = /* @__PURE__ */ namesOf(eventDataSchemas, isEventType);

/** What every event frame has around its data. `prev` is the seq of the last event before it that this subscriber should have had. */
export const eventFrameSchema = s.object({
  type: s.string(),
  epoch: idSchema,
  seq: countSchema,
  prev: countSchema,
  timestamp: timestampSchema,
  game_id: s.nullable(idSchema),
  data: s.unknown(),
});
export type EventFrame = s.Output<typeof eventFrameSchema>;

/**
 * The latest moves, and for a subscriber that has said where its viewer is the latest progress too. They stand beside the stream:
 * their `seq` says when they happened, not where they belong. Moves use up no `seq`: theirs is that of the event before them.
 */
export const latestFrameSchema = s.object({
  type: s.literal("latest"),
  events: s.array(
    s.object({
      type: s.string(),
      epoch: idSchema,
      seq: countSchema,
      timestamp: timestampSchema,
      game_id: s.nullable(idSchema),
      data: s.unknown(),
    }),
  ),
});
export type LatestFrame = s.Output<typeof latestFrameSchema>;
