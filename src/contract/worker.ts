import * as z from "./zod.js";
import { list, record } from "./schema.js";
import { countSchema, idSchema, timestampSchema } from "./primitives.js";

/** Reports in one call at the most. */
export const REPORTS_MAX = 100;

/** Agents that help with one task at the same time; past it another one is not made. */
export const CHILDREN_MAX = 8;

/** Characters of what such an agent is called. */
export const CHILD_NAME_MAX = 80;

/** Somebody who does the work on tasks, from a process of its own. */
export const workerSchema = z.object({
  worker_id: idSchema,
  name: z.string(),
  /** The types of agents whose tasks it does; `*` are all. */
  agent_types: list(z.string()),
  /** Tasks that it may have at the same time, and those that it has now. */
  slots: countSchema,
  busy: countSchema,
  version: z.nullable(z.string()),
  labels: record(z.string()),
  /** Whether it is asked when what its tasks have changed is accepted or discarded; left out where it is not. */
  reviews: z.optional(z.boolean()),
  joined_at: timestampSchema,
  last_seen_at: timestampSchema,
});
export type Worker = z.output<typeof workerSchema>;

/** The error of a task whose workers were lost, as often as may be. */
export const WORKER_LOST = "worker_lost";
