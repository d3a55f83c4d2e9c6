import type * as z from "zod/mini";
import { atLeast, whole } from "./checks.js";
import { countSchema } from "./primitives.js";
import { taskStatusSchema } from "./tasks.js";
import { literal, numeric, object, optional, strictObject, string, union } from "./schemas.js";

/** Bytes of output that are kept for one task; what comes after is dropped and the last line says so. */
export const TASK_OUTPUT_MAX_BYTES = 262_144;

export const taskOutputQuerySchema = strictObject({
  /** Bytes of UTF-8 to skip; the `offset` of a line plus the bytes of its `text` is where the next begins. */
  offset: optional(numeric(whole, atLeast(0))),
});

/** One line of `GET /tasks/{task_id}/output`: a piece of text, or the end. */
export const taskOutputLineSchema = union([
  object({ offset: countSchema, stream: literal("stdout", "stderr"), text: string() }),
  object({ done: literal(true), status: taskStatusSchema }),
]);
export type TaskOutputLine = z.infer<typeof taskOutputLineSchema>;
