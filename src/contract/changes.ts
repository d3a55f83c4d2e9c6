import * as z from "./zod.js";
import { checked, list, open } from "./schema.js";
import { countSchema, idSchema, textSchema } from "./primitives.js";

/** What may become of a file. */
export const FILE_STATUSES = ["added", "modified", "deleted", "renamed"] as const;

/** What a player may think of changes: to be seen to yet, taken in, or thrown away. */
export const REVIEWS = ["open", "accepted", "discarded"] as const;
export type Review = (typeof REVIEWS)[number];

/** Files that changes name; of more only the sums tell. */
export const CHANGED_FILES_MAX = 1_000;

/** Bytes of a diff that are kept; it is cut behind a line past them, and its last line says so. */
export const DIFF_MAX_BYTES = 1_048_576;

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

const name = textSchema(500);

/** Changes as whoever worked tells them: nobody has seen to them yet. */
export const changesGivenSchema = /* @__PURE__ */ (({ review: _review, ...told }) =>
  z.strictObject({
    ...told,
    branch: name,
    base: name,
    commit: z.nullable(name),
    files: list(
      z.strictObject({
        ...changedFileSchema.shape,
        path: textSchema(4_096),
        status: z.literal(FILE_STATUSES),
      }),
    ),
  }))(changesSchema.shape);

/** What a model has used for a task, as whoever worked says. */
export const usageSchema = z.object({
  input_tokens: countSchema,
  output_tokens: countSchema,
  cost_usd: z.nullable(checked(z.number(), z.gte(0))),
  model: z.nullable(z.string()),
});
export type Usage = z.output<typeof usageSchema>;

/** The same as whoever worked tells it. */
export const usageGivenSchema = /* @__PURE__ */ (() =>
  z.strictObject({ ...usageSchema.shape, model: z.nullable(name) }))();

/** The body of `POST /tasks/{task_id}/review`. */
export const taskReviewBodySchema = z.strictObject({
  verdict: z.literal(["accept", "discard"]),
  /** What is said of it, for whoever worked. */
  message: z.optional(checked(z.string(), z.maxLength(1_000))),
});

export type TaskReviewBody = z.output<typeof taskReviewBodySchema>;

/** The answer to `POST /tasks/{task_id}/review`. */
export const taskReviewAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  changes: changesSchema,
});
