import * as z from "./zod.js";
import { checked, open, whole } from "./schema.js";
import { countSchema } from "./primitives.js";
import { toldTaskStatusSchema } from "./tasks.js";

/** Bytes of output that are kept for one task; what comes after is dropped and the last line says so. */
export const TASK_OUTPUT_MAX_BYTES = 262_144;

/** The query of `GET /tasks/{task_id}/output`. */
export const taskOutputQuerySchema = z.strictObject({
  /** Bytes of UTF-8 to skip; the `offset` of a line plus the bytes of its `text` is where the next begins. */
  offset: z.optional(checked(whole(), z.gte(0))),
});

/** One line of `GET /tasks/{task_id}/output`: a piece of text, or the end. */
export const taskOutputLineSchema = z.union([
  z.object({ offset: countSchema, stream: open("stdout", "stderr"), text: z.string() }),
  z.object({ done: z.literal(true), status: toldTaskStatusSchema }),
]);
export type TaskOutputLine = z.output<typeof taskOutputLineSchema>;
