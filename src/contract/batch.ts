import * as z from "./zod.js";
import { checked, list, whole } from "./schema.js";
import { idSchema } from "./primitives.js";

/** Requests in one batch at the most. */
export const BATCH_MAX = 100;

/** The body of `POST /batch`. */
export const batchBodySchema = z.strictObject({
  requests: checked(
    list(
      z.strictObject({
        /** The caller's own name for the request; its response carries it. */
        id: idSchema,
        method: z.literal(["GET", "POST", "PUT", "DELETE"]),
        /** Path and query, as in a request line: `/agents?limit=10`. */
        path: checked(z.string(), z.regex(/^\/(?!\/)/, "must begin with one /"), z.maxLength(2_048)),
        body: z.optional(z.unknown()),
        /** As the `Idempotency-Key` header of a request of its own. */
        idempotency_key: z.optional(idSchema),
      }),
      BATCH_MAX,
    ),
    z.minLength(1),
  ),
});

/** The answer to `POST /batch`. */
export const batchAnswerSchema = z.object({
  success: z.literal(true),
  /** One for each request, in their order. */
  responses: list(z.object({ id: idSchema, status: whole(), body: z.unknown() })),
});
