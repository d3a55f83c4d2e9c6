import * as z from "zod/mini";
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

/** Where a task stands. The last three are endings: a task has exactly one, for ever. */
export const taskStatusSchema = z.literal([
  "pending",
  "assigned",
  "running",
  "completed",
  "failed",
  "cancelled",
]);
export type TaskStatus = z.infer<typeof taskStatusSchema>;

/** The statuses that are endings. */
export const TASK_ENDINGS = ["completed", "failed", "cancelled"] as const satisfies readonly TaskStatus[];
export type TaskEnding = (typeof TASK_ENDINGS)[number];

/** Whether a status is an ending. */
export function isTaskEnding(status: TaskStatus): status is TaskEnding {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What a task came to. */
export const taskResultSchema = z.object({
  success: z.boolean(),
  output: z.string(),
  error: z.nullable(faultSchema),
  /** Seconds from start to end. */
  execution_time: z.number().check(atLeast(0)),
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

const prioritySchema = z.number().check(whole, atLeast(0), atMost(PRIORITY_MAX));
const timeoutSchema = z.number().check(above(0), atMost(TASK_TIMEOUT_MAX_SECONDS));
const promptSchema = z.string().check(matching(/\S/, "must not be blank"));

const taskFields = {
  agent_id: z.nullable(idSchema),
  team_id: z.nullable(idSchema),
  game_id: z.nullable(idSchema),
  prompt: z.string(),
  task_type: keywordSchema,
  priority: prioritySchema,
  timeout: timeoutSchema,
  status: taskStatusSchema,
  progress: shareSchema,
  message: z.string(),
  result: z.nullable(taskResultSchema),
  /** What the caller gave at assignment; empty when a server does not tell. */
  metadata: z._default(metadataSchema, () => ({})),
  created_at: timestampSchema,
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
};

/** A task as it is now. */
export const taskSchema = z.object({ id: idSchema, ...taskFields });
export type Task = z.infer<typeof taskSchema>;

export const taskAssignBodySchema = z.strictObject({
  prompt: promptSchema,
  agent_id: z.optional(idSchema),
  task_type: z._default(keywordSchema, TASK_DEFAULTS.task_type),
  preferred_type: z.optional(keywordSchema),
  priority: z._default(prioritySchema, TASK_DEFAULTS.priority),
  timeout: z._default(timeoutSchema, TASK_DEFAULTS.timeout),
  metadata: z.optional(metadataSchema),
});

export const taskAssignAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  agent_id: z.nullable(idSchema),
  status: taskStatusSchema,
  message: z.string(),
});

export const teamAssignBodySchema = z.strictObject({
  prompt: promptSchema,
  team_size: z.number().check(whole, atLeast(TEAM_SIZE_MIN), atMost(TEAM_SIZE_MAX)),
  task_type: z._default(keywordSchema, TASK_DEFAULTS.task_type),
  preferred_types: z.optional(z.array(keywordSchema).check(noLonger(TEAM_SIZE_MAX))),
  priority: z._default(prioritySchema, TASK_DEFAULTS.priority),
  timeout: z._default(timeoutSchema, TASK_DEFAULTS.timeout),
});

export const teamAssignAnswerSchema = z.object({
  success: z.literal(true),
  team_id: idSchema,
  /** One task a member, in the order of `agent_ids`. */
  task_ids: z.array(idSchema),
  agent_ids: z.array(idSchema),
  message: z.string(),
});

export const taskListQuerySchema = z.strictObject({
  agent_id: z.optional(idSchema),
  team_id: z.optional(idSchema),
  status: z.optional(taskStatusSchema),
  game_id: z.optional(idSchema),
  ...pageQuery,
});

export const taskStatusAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  ...taskFields,
});

export const taskCancelBodySchema = z.strictObject({
  reason: z.optional(z.string().check(noLonger(1_000))),
});

export const taskCancelAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  status: taskStatusSchema,
  message: z.string(),
});
