import * as z from "./zod.js";
import { checked, list, open, whole } from "./schema.js";
import { changesSchema, usageSchema } from "./changes.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  pageQuery,
  shareSchema,
  timestampSchema,
} from "./primitives.js";
import { faultSchema } from "./fault.js";
import { questionSchema } from "./questions.js";
import { metadataSchema, toldMetadataSchema } from "./metadata.js";

/** Where a task stands. The last three are endings: a task has exactly one, for ever. */
export const TASK_STATUSES = ["pending", "assigned", "running", "completed", "failed", "cancelled"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A status as a caller names it. */
export const taskStatusSchema = z.literal(TASK_STATUSES);

/** A status as a server tells it: a later one may know more, and one that is not known is no ending. */
export const toldTaskStatusSchema = open(...TASK_STATUSES);
export type ToldTaskStatus = z.output<typeof toldTaskStatusSchema>;

/**
 * Who does the work on a task: it is simulated, or goes by a script; a function does it in the backend's own process, a worker in
 * another one; or it is done in a session that somebody else began and the backend only looks at.
 */
export const WORK_KINDS = ["simulated", "scripted", "function", "worker", "observed"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Who works, as a server tells it: a later one may know others. */
export const toldWorkKindSchema = open(...WORK_KINDS);
export type ToldWorkKind = z.output<typeof toldWorkKindSchema>;

/** The statuses that are endings. */
export const TASK_ENDINGS = ["completed", "failed", "cancelled"] as const satisfies readonly TaskStatus[];
export type TaskEnding = (typeof TASK_ENDINGS)[number];

/** Whether a status is an ending; one that this version does not know is none. */
export function isTaskEnding(status: string): status is TaskEnding {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What a task came to. */
export const taskResultSchema = z.object({
  success: z.boolean(),
  output: z.string(),
  error: z.nullable(faultSchema),
  /** Seconds from start to end. */
  execution_time: checked(z.number(), z.gte(0)),
  completed_at: timestampSchema,
  /** What was changed; null where nothing was, or where the worker changes nothing. */
  changes: z._default(z.nullable(changesSchema), () => null),
  /** What it has used; null where nobody has counted. */
  usage: z._default(z.nullable(usageSchema), () => null),
});
export type TaskResult = z.output<typeof taskResultSchema>;

/** Values that a task takes when the caller does not say; `timeout` is in seconds. */
export const TASK_DEFAULTS = { task_type: "general", priority: 1, timeout: 600 } as const;

/** Highest priority; a higher number goes first. */
export const PRIORITY_MAX = 100;

/** Longest time limit of a task, in seconds. */
export const TASK_TIMEOUT_MAX_SECONDS = 86_400;

/** Members of a team at the least and at the most. */
export const TEAM_SIZE_MIN = 2;
export const TEAM_SIZE_MAX = 10;

const prioritySchema = checked(whole(), z.gte(0), z.lte(PRIORITY_MAX));
const timeoutSchema = checked(z.number(), z.gt(0), z.lte(TASK_TIMEOUT_MAX_SECONDS));
const promptSchema = checked(z.string(), z.regex(/\S/, "must not be blank"));

const taskFields = {
  agent_id: z.nullable(idSchema),
  team_id: z.nullable(idSchema),
  game_id: z.nullable(idSchema),
  prompt: z.string(),
  task_type: keywordSchema,
  priority: prioritySchema,
  timeout: timeoutSchema,
  status: toldTaskStatusSchema,
  progress: shareSchema,
  message: z.string(),
  result: z.nullable(taskResultSchema),
  /** What the caller gave at assignment; empty when a server does not tell. */
  metadata: z._default(toldMetadataSchema, () => ({})),
  created_at: timestampSchema,
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
  /** How often the work was begun, this time included: a worker that was lost is followed by another. */
  attempt: z._default(countSchema, () => 1),
  /** What its agent waits to be told; null while it waits for nobody. */
  question: z._default(z.nullable(questionSchema), () => null),
  changes: z._default(z.nullable(changesSchema), () => null),
  usage: z._default(z.nullable(usageSchema), () => null),
  /** The task whose conversation this one goes on with. */
  continues: z._default(z.nullable(idSchema), () => null),
  /** Not there where a server does not tell: nobody is to take for simulated, or for real, what may be the other. */
  work: z.optional(toldWorkKindSchema),
};

/** A task as it is now. */
export const taskSchema = z.object({ id: idSchema, ...taskFields });
export type Task = z.output<typeof taskSchema>;

/** The body of `POST /tasks/assign`. */
export const taskAssignBodySchema = z.strictObject({
  prompt: promptSchema,
  agent_id: z.optional(idSchema),
  task_type: z._default(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_type: z.optional(keywordSchema),
  priority: z._default(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: z._default(timeoutSchema, () => TASK_DEFAULTS.timeout),
  metadata: z.optional(metadataSchema),
  /** A task of before whose conversation this one goes on with. */
  continues: z.optional(idSchema),
});

/** The answer to `POST /tasks/assign`. */
export const taskAssignAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  agent_id: z.nullable(idSchema),
  status: toldTaskStatusSchema,
  message: z.string(),
});

/** The body of `POST /tasks/assign/collaborative`. */
export const teamAssignBodySchema = z.strictObject({
  prompt: promptSchema,
  team_size: checked(whole(), z.gte(TEAM_SIZE_MIN), z.lte(TEAM_SIZE_MAX)),
  task_type: z._default(keywordSchema, () => TASK_DEFAULTS.task_type),
  preferred_types: z.optional(list(keywordSchema, TEAM_SIZE_MAX)),
  priority: z._default(prioritySchema, () => TASK_DEFAULTS.priority),
  timeout: z._default(timeoutSchema, () => TASK_DEFAULTS.timeout),
});

/** The answer to `POST /tasks/assign/collaborative`. */
export const teamAssignAnswerSchema = z.object({
  success: z.literal(true),
  team_id: idSchema,
  /** One task a member, in the order of `agent_ids`. */
  task_ids: list(idSchema),
  agent_ids: list(idSchema),
  message: z.string(),
});

/** The query of `GET /tasks`. */
export const taskListQuerySchema = z.strictObject({
  agent_id: z.optional(idSchema),
  team_id: z.optional(idSchema),
  status: z.optional(taskStatusSchema),
  game_id: z.optional(idSchema),
  ...pageQuery,
});

/** The answer to `GET /tasks/{task_id}/status`. */
export const taskStatusAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  ...taskFields,
});

/** The body of `POST /tasks/{task_id}/cancel`. */
export const taskCancelBodySchema = z.strictObject({
  reason: z.optional(checked(z.string(), z.maxLength(1_000))),
});

/** The answer to `POST /tasks/{task_id}/cancel`. */
export const taskCancelAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  status: toldTaskStatusSchema,
  message: z.string(),
});
