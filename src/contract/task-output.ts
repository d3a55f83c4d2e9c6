import * as s from "./schema/index.js";
import { atLeast, whole } from "./schema/rules.js";
import { countSchema } from "./primitives.js";
import { toldTaskStatusSchema } from "./tasks.js";

/** Bytes of output that are kept for one task; what comes after is dropped and the last line says so. */
export const TASK_OUTPUT_MAX_BYTES = 262_144;

export const taskOutputQuerySchema = s.strictObject({
  /** Bytes of UTF-8 to skip; the `offset` of a line plus the bytes of its `text` is where the next begins. */
  offset: s.optional(s.numeric(whole, atLeast(0))),
});

/** One line of `GET /tasks/{task_id}/output`: a piece of text, or the end. */
export const taskOutputLineSchema = s.union(
  s.object({ offset: countSchema, stream: s.open("stdout", "stderr"), text: s.string() }),
  s.object({ done: s.literal(true), status: toldTaskStatusSchema }),
);
export type TaskOutputLine = s.Output<typeof taskOutputLineSchema>;
