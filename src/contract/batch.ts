import * as z from "zod/mini";
import { matching, noLonger, notEmpty, whole } from "./checks.js";
import { idSchema } from "./primitives.js";

/** Requests in one batch at the most. */
export const BATCH_MAX = 100;

export const batchBodySchema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        /** The caller's own name for the request; its response carries it. */
        id: idSchema,
        method: z.literal(["GET", "POST", "PUT", "DELETE"]),
        /** Path and query, as in a request line: `/agents?limit=10`. */
        path: z.string().check(matching(/^\/(?!\/)/, "must begin with one /"), noLonger(2_048)),
        body: z.optional(z.unknown()),
        /** As the `Idempotency-Key` header of a request of its own. */
        idempotency_key: z.optional(idSchema),
      }),
    )
    .check(notEmpty, noLonger(BATCH_MAX)),
});

export const batchAnswerSchema = z.object({
  success: z.literal(true),
  /** One for each request, in their order. */
  responses: z.array(z.object({ id: idSchema, status: z.number().check(whole), body: z.unknown() })),
});
