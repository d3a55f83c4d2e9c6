import type * as z from "zod/mini";
import { agentSchema, agentStateSchema } from "./agents.js";
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
import { array, nullable, object, string, unknown } from "./schemas.js";

/** The data of every event, by the event's type. */
export const eventDataSchemas = {
  "agent.created": object({ agent: agentSchema }),
  "agent.state_changed": object({
    agent_id: idSchema,
    state: agentStateSchema,
    previous_state: agentStateSchema,
    task_id: nullable(idSchema),
  }),
  "agent.moved": object({
    agent_id: idSchema,
    position: placeSchema,
    scene_id: nullable(idSchema),
    sequence: nullable(countSchema),
  }),
  "agent.removed": object({ agent_id: idSchema }),
  "task.assigned": object({ task: taskSchema }),
  "task.started": object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: nullable(idSchema),
    prompt: string(),
    task_type: keywordSchema,
  }),
  "task.progress": object({
    task_id: idSchema,
    agent_id: idSchema,
    progress: shareSchema,
    message: string(),
  }),
  "task.completed": object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: nullable(idSchema),
    result: taskResultSchema,
  }),
  "task.failed": object({
    task_id: idSchema,
    agent_id: nullable(idSchema),
    team_id: nullable(idSchema),
    error: faultSchema,
    result: taskResultSchema,
  }),
  "task.cancelled": object({
    task_id: idSchema,
    agent_id: nullable(idSchema),
    reason: nullable(string()),
  }),
  "team.completed": object({
    team_id: idSchema,
    task_ids: array(idSchema),
    succeeded: countSchema,
    failed: countSchema,
  }),
  "scene.updated": object({ scene_id: idSchema, game_id: idSchema, revision: countSchema }),
  "session.expiring": object({ session_id: idSchema, expires_at: timestampSchema }),
} as const;

/** The name of an event of this contract. */
export type EventType = keyof typeof eventDataSchemas;

/** The data of an event, from its name. */
export type EventData = { [T in EventType]: z.infer<(typeof eventDataSchemas)[T]> };

/** One event of the log, its type known. */
export type EventOf<T extends EventType> = {
  [K in T]: {
    readonly type: K;
    readonly epoch: string;
    /** Grows by one with each event of the epoch. */
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
export const eventFrameSchema = object({
  type: string(),
  epoch: idSchema,
  seq: countSchema,
  prev: countSchema,
  timestamp: timestampSchema,
  game_id: nullable(idSchema),
  data: unknown(),
});
export type EventFrame = z.infer<typeof eventFrameSchema>;
