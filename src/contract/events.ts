import * as z from "./zod.js";
import { list, open } from "./schema.js";
import type { Schema } from "./schema.js";
import { agentSchema, toldAgentStateSchema } from "./agents.js";
import { changesSchema } from "./changes.js";
import type { EventType } from "./event-types.js";
import { faultSchema } from "./fault.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  placeSchema,
  shareSchema,
  timestampSchema,
} from "./primitives.js";
import { answeredBySchema, questionSchema } from "./questions.js";
import { taskResultSchema, taskSchema } from "./tasks.js";
import { workerSchema } from "./worker.js";

/** The data of every event, by the event's type. */
export const eventDataSchemas = {
  "agent.created": z.object({ agent: agentSchema }),
  "agent.state_changed": z.object({
    agent_id: idSchema,
    state: toldAgentStateSchema,
    previous_state: toldAgentStateSchema,
    task_id: z.nullable(idSchema),
  }),
  "agent.moved": z.object({
    agent_id: idSchema,
    position: placeSchema,
    scene_id: z.nullable(idSchema),
    sequence: z.nullable(countSchema),
  }),
  "agent.removed": z.object({ agent_id: idSchema }),
  "task.assigned": z.object({ task: taskSchema }),
  "task.started": z.object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: z.nullable(idSchema),
    prompt: z.string(),
    task_type: keywordSchema,
  }),
  "task.progress": z.object({
    task_id: idSchema,
    agent_id: idSchema,
    progress: shareSchema,
    message: z.string(),
  }),
  "task.question": z.object({ task_id: idSchema, agent_id: idSchema, question: questionSchema }),
  "task.answered": z.object({
    task_id: idSchema,
    agent_id: idSchema,
    question_id: idSchema,
    /** The option that was chosen; null where words were given, or nothing. */
    choice: z.nullable(idSchema),
    text: z.nullable(z.string()),
    by: answeredBySchema,
  }),
  "task.completed": z.object({
    task_id: idSchema,
    agent_id: idSchema,
    team_id: z.nullable(idSchema),
    result: taskResultSchema,
  }),
  "task.failed": z.object({
    task_id: idSchema,
    agent_id: z.nullable(idSchema),
    team_id: z.nullable(idSchema),
    error: faultSchema,
    result: taskResultSchema,
  }),
  "task.cancelled": z.object({
    task_id: idSchema,
    agent_id: z.nullable(idSchema),
    reason: z.nullable(z.string()),
  }),
  "task.reviewed": z.object({ task_id: idSchema, agent_id: z.nullable(idSchema), changes: changesSchema }),
  "team.completed": z.object({
    team_id: idSchema,
    task_ids: list(idSchema),
    succeeded: countSchema,
    failed: countSchema,
  }),
  "scene.updated": z.object({ scene_id: idSchema, game_id: idSchema, revision: countSchema }),
  "session.expiring": z.object({ session_id: idSchema, expires_at: timestampSchema }),
  "worker.joined": z.object({ worker: workerSchema }),
  "worker.left": z.object({
    worker_id: idSchema,
    name: z.string(),
    /** Whether it said so, or was silent for too long. */
    reason: open("left", "lost"),
  }),
} as const satisfies Record<EventType, Schema>;

/** The data of an event, from its name. */
export type EventData = { [T in EventType]: z.output<(typeof eventDataSchemas)[T]> };

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

/** What every event frame has around its data. `prev` is the seq of the last event before it that this subscriber should have had. */
export const eventFrameSchema = z.object({
  type: z.string(),
  epoch: idSchema,
  seq: countSchema,
  prev: countSchema,
  timestamp: timestampSchema,
  game_id: z.nullable(idSchema),
  data: z.unknown(),
});
export type EventFrame = z.output<typeof eventFrameSchema>;

/**
 * The latest moves, and for a subscriber that has said where its viewer is the latest progress too. They stand beside the stream:
 * their `seq` says when they happened, not where they belong. Moves use up no `seq`: theirs is that of the event before them.
 */
export const latestFrameSchema = z.object({
  type: z.literal("latest"),
  events: list(
    z.object({
      type: z.string(),
      epoch: idSchema,
      seq: countSchema,
      timestamp: timestampSchema,
      game_id: z.nullable(idSchema),
      data: z.unknown(),
    }),
  ),
});
export type LatestFrame = z.output<typeof latestFrameSchema>;
