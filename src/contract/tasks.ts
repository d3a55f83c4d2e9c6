import type * as z from "zod/mini";
import { above, atLeast, atMost, matching, noLonger, whole } from "./checks.js";
import {
  idSchema,
  keywordSchema,
  metadataSchema,
  pageQuery,
  shareSchema,
  timestampSchema,
} from "./primitives.js";
import { faultSchema } from "./error-body.js";
import {
  array,
  boolean,
  filled,
  literal,
  nullable,
  number,
  object,
  optional,
  strictObject,
  string,
} from "./schemas.js";

/** Where a task stands. The last three are endings: a task has exactly one, for ever. */
export const taskStatusSchema = literal("pending", "assigned", "running", "completed", "failed", "cancelled");
export type TaskStatus = z.infer<typeof taskStatusSchema>;

/** The statuses that are endings. */
export const TASK_ENDINGS = ["completed", "failed", "cancelled"] as const satisfies readonly TaskStatus[];
export type TaskEnding = (typeof TASK_ENDINGS)[number];

/** Whether a status is an ending. */
export function isTaskEnding(status: TaskStatus): status is TaskEnding {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What a task came to. */
export const taskResultSchema = object({
  success: boolean(),
  output: string(),
  error: nullable(faultSchema),
  /** Seconds from start to end. */
  execution_time: number(atLeast(0)),
  completed_at: timestampSchema,
});
export type TaskResult = z.infer<typeof taskResultSchema>;

/** Values that a task takes when the caller does not say; `timeout` is in seconds. */
export const TASK_DEFAULTS = { task_type: "general", priority: 1, timeout: 600 } as const;

/** Highest priority; a higher number goes first. */
export const PRIORITY_MAX = 100;

/** Longest time limit of a task, in seconds. */
export const TASK_TIMEOUT_MAX_SECONDS = 86_400;

/** Members of a team at the least and at the most. */
export const TEAM_SIZE_MIN = 2;
export const TEAM_SIZE_MAX = 10;

const prioritySchema = number(whole, atLeast(0), atMost(PRIORITY_MAX));
const timeoutSchema = number(above(0), atMost(TASK_TIMEOUT_MAX_SECONDS));
const promptSchema = string(matching(/\S/, "must not be blank"));

const taskFields = {
  agent_id: nullable(idSchema),
  team_id: nullable(idSchema),
  game_id: nullable(idSchema),
  prompt: string(),
  task_type: keywordSchema,
  priority: prioritySchema,
  timeout: timeoutSchema,
  status: taskStatusSchema,
  progress: shareSchema,
  message: string(),
  result: nullable(taskResultSchema),
  /** What the caller gave at assignment; empty when a server does not tell. */
  metadata: filled(metadataSchema, () => ({})),
  created_at: timestampSchema,
  started_at: nullable(timestampSchema),
  completed_at: nullable(timestampSchema),
};

/** A task as it is now. */
export const taskSchema = object({ id: idSchema, ...taskFields });
export type Task = z.infer<typeof taskSchema>;

export const taskAssignBodySchema = strictObject({
  prompt: promptSchema,
  agent_id: optional(idSchema),
  task_type: filled(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_type: optional(keywordSchema),
  priority: filled(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: filled(timeoutSchema, () => TASK_DEFAULTS.timeout),
  metadata: optional(metadataSchema),
});

export const taskAssignAnswerSchema = object({
  success: literal(true),
  task_id: idSchema,
  agent_id: nullable(idSchema),
  status: taskStatusSchema,
  message: string(),
});

export const teamAssignBodySchema = strictObject({
  prompt: promptSchema,
  team_size: number(whole, atLeast(TEAM_SIZE_MIN), atMost(TEAM_SIZE_MAX)),
  task_type: filled(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_types: optional(array(keywordSchema, noLonger(TEAM_SIZE_MAX))),
  priority: filled(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: filled(timeoutSchema, () => TASK_DEFAULTS.timeout),
});

export const teamAssignAnswerSchema = object({
  success: literal(true),
  team_id: idSchema,
  /** One task a member, in the order of `agent_ids`. */
  task_ids: array(idSchema),
  agent_ids: array(idSchema),
  message: string(),
});

export const taskListQuerySchema = strictObject({
  agent_id: optional(idSchema),
  team_id: optional(idSchema),
  status: optional(taskStatusSchema),
  game_id: optional(idSchema),
  ...pageQuery,
});

export const taskStatusAnswerSchema = object({
  success: literal(true),
  task_id: idSchema,
  ...taskFields,
});

export const taskCancelBodySchema = strictObject({
  reason: optional(string(noLonger(1_000))),
});

export const taskCancelAnswerSchema = object({
  success: literal(true),
  task_id: idSchema,
  status: taskStatusSchema,
  message: string(),
});
