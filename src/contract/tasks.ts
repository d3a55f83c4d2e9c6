import * as s from "./schema/index.js";
import { above, atLeast, atMost, matching, noLonger, noMoreItems, whole } from "./schema/rules.js";
import { idSchema, keywordSchema, pageQuery, shareSchema, timestampSchema } from "./primitives.js";
import { faultSchema } from "./error-body.js";
import { metadataSchema, toldMetadataSchema } from "./metadata.js";

/** Where a task stands. The last three are endings: a task has exactly one, for ever. */
export const TASK_STATUSES = ["pending", "assigned", "running", "completed", "failed", "cancelled"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A status as a caller names it. */
export const taskStatusSchema = s.literal(...TASK_STATUSES);

/** A status as a server tells it: a later one may know more, and one that is not known is no ending. */
export const toldTaskStatusSchema = s.open(...TASK_STATUSES);
export type ToldTaskStatus = s.Output<typeof toldTaskStatusSchema>;

/**
 * Who does the work on a task: it is simulated, or goes by a script; a function does it in the backend's own process, a worker in
 * another one; or it is done in a session that somebody else began and the backend only looks at.
 */
export const WORK_KINDS = ["simulated", "scripted", "function", "worker", "observed"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Who works, as a server tells it: a later one may know others. */
export const toldWorkKindSchema = s.open(...WORK_KINDS);
export type ToldWorkKind = s.Output<typeof toldWorkKindSchema>;

/** The statuses that are endings. */
export const TASK_ENDINGS = ["completed", "failed", "cancelled"] as const satisfies readonly TaskStatus[];
export type TaskEnding = (typeof TASK_ENDINGS)[number];

/** Whether a status is an ending; one that this version does not know is none. */
export function isTaskEnding(status: string): status is TaskEnding {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What a task came to. */
export const taskResultSchema = s.object({
  success: s.boolean(),
  output: s.string(),
  error: s.nullable(faultSchema),
  /** Seconds from start to end. */
  execution_time: s.number(atLeast(0)),
  completed_at: timestampSchema,
});
export type TaskResult = s.Output<typeof taskResultSchema>;

/** Values that a task takes when the caller does not say; `timeout` is in seconds. */
export const TASK_DEFAULTS = { task_type: "general", priority: 1, timeout: 600 } as const;

/** Highest priority; a higher number goes first. */
export const PRIORITY_MAX = 100;

/** Longest time limit of a task, in seconds. */
export const TASK_TIMEOUT_MAX_SECONDS = 86_400;

/** Members of a team at the least and at the most. */
export const TEAM_SIZE_MIN = 2;
export const TEAM_SIZE_MAX = 10;

const prioritySchema = s.number(whole, atLeast(0), atMost(PRIORITY_MAX));
const timeoutSchema = s.number(above(0), atMost(TASK_TIMEOUT_MAX_SECONDS));
const promptSchema = s.string(matching(/\S/, "must not be blank"));

const taskFields = {
  agent_id: s.nullable(idSchema),
  team_id: s.nullable(idSchema),
  game_id: s.nullable(idSchema),
  prompt: s.string(),
  task_type: keywordSchema,
  priority: prioritySchema,
  timeout: timeoutSchema,
  status: toldTaskStatusSchema,
  progress: shareSchema,
  message: s.string(),
  result: s.nullable(taskResultSchema),
  /** What the caller gave at assignment; empty when a server does not tell. */
  metadata: s.withDefault(toldMetadataSchema, () => ({})),
  created_at: timestampSchema,
  started_at: s.nullable(timestampSchema),
  completed_at: s.nullable(timestampSchema),
  /** Not there where a server does not tell: nobody is to take for simulated, or for real, what may be the other. */
  work: s.optional(toldWorkKindSchema),
};

/** A task as it is now. */
export const taskSchema = s.object({ id: idSchema, ...taskFields });
export type Task = s.Output<typeof taskSchema>;

export const taskAssignBodySchema = s.strictObject({
  prompt: promptSchema,
  agent_id: s.optional(idSchema),
  task_type: s.withDefault(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_type: s.optional(keywordSchema),
  priority: s.withDefault(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: s.withDefault(timeoutSchema, () => TASK_DEFAULTS.timeout),
  metadata: s.optional(metadataSchema),
});

export const taskAssignAnswerSchema = s.object({
  success: s.literal(true),
  task_id: idSchema,
  agent_id: s.nullable(idSchema),
  status: toldTaskStatusSchema,
  message: s.string(),
});

export const teamAssignBodySchema = s.strictObject({
  prompt: promptSchema,
  team_size: s.number(whole, atLeast(TEAM_SIZE_MIN), atMost(TEAM_SIZE_MAX)),
  task_type: s.withDefault(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_types: s.optional(s.array(keywordSchema, noMoreItems(TEAM_SIZE_MAX))),
  priority: s.withDefault(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: s.withDefault(timeoutSchema, () => TASK_DEFAULTS.timeout),
});

export const teamAssignAnswerSchema = s.object({
  success: s.literal(true),
  team_id: idSchema,
  /** One task a member, in the order of `agent_ids`. */
  task_ids: s.array(idSchema),
  agent_ids: s.array(idSchema),
  message: s.string(),
});

export const taskListQuerySchema = s.strictObject({
  agent_id: s.optional(idSchema),
  team_id: s.optional(idSchema),
  status: s.optional(taskStatusSchema),
  game_id: s.optional(idSchema),
  ...pageQuery,
});

export const taskStatusAnswerSchema = s.object({
  success: s.literal(true),
  task_id: idSchema,
  ...taskFields,
});

export const taskCancelBodySchema = s.strictObject({
  reason: s.optional(s.string(noLonger(1_000))),
});

export const taskCancelAnswerSchema = s.object({
  success: s.literal(true),
  task_id: idSchema,
  status: toldTaskStatusSchema,
  message: s.string(),
});
