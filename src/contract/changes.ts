import * as z from "zod/mini";
import { checked, list, open } from "./schema.js";
import { countSchema, idSchema } from "./primitives.js";

/** What may become of a file. */
export const FILE_STATUSES = ["added", "modified", "deleted", "renamed"] as const;

/** What a player may think of changes: to be seen to yet, taken in, or thrown away. */
export const REVIEWS = ["open", "accepted", "discarded"] as const;
export type Review = (typeof REVIEWS)[number];

/** One file that was changed. */
export const changedFileSchema = z.object({
  path: z.string(),
  status: open(...FILE_STATUSES),
  /** Lines that came and lines that went. */
  insertions: countSchema,
  deletions: countSchema,
});
export type ChangedFile = z.output<typeof changedFileSchema>;

/** What a task changed, on a branch of its own, and what became of it. */
export const changesSchema = z.object({
  branch: z.string(),
  /** The branch that it goes into when it is accepted. */
  base: z.string(),
  /** Null where it is not committed. */
  commit: z.nullable(z.string()),
  files: list(changedFileSchema),
  insertions: countSchema,
  deletions: countSchema,
  review: open(...REVIEWS),
});
export type Changes = z.output<typeof changesSchema>;

/** What a model has used for a task, as whoever worked says. */
export const usageSchema = z.object({
  input_tokens: countSchema,
  output_tokens: countSchema,
  cost_usd: z.nullable(checked(z.number(), z.gte(0))),
  model: z.nullable(z.string()),
});
export type Usage = z.output<typeof usageSchema>;

/** The body of `POST /tasks/{task_id}/review`. */
export const taskReviewBodySchema = z.strictObject({
  verdict: z.literal(["accept", "discard"]),
  /** What is said of it, for whoever worked. */
  message: z.optional(checked(z.string(), z.maxLength(1_000))),
});

/** The answer to `POST /tasks/{task_id}/review`. */
export const taskReviewAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  changes: changesSchema,
});
