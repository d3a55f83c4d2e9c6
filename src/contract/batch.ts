import { matching, noLonger, notEmpty, whole } from "./checks.js";
import { idSchema } from "./primitives.js";
import { array, literal, number, object, optional, strictObject, string, unknown } from "./schemas.js";

/** Requests in one batch at the most. */
export const BATCH_MAX = 100;

export const batchBodySchema = strictObject({
  requests: array(
    strictObject({
      /** The caller's own name for the request; its response carries it. */
      id: idSchema,
      method: literal("GET", "POST", "PUT", "DELETE"),
      /** Path and query, as in a request line: `/agents?limit=10`. */
      path: string(matching(/^\/(?!\/)/, "must begin with one /"), noLonger(2_048)),
      body: optional(unknown()),
      /** As the `Idempotency-Key` header of a request of its own. */
      idempotency_key: optional(idSchema),
    }),
    notEmpty,
    noLonger(BATCH_MAX),
  ),
});

export const batchAnswerSchema = object({
  success: literal(true),
  /** One for each request, in their order. */
  responses: array(object({ id: idSchema, status: number(whole), body: unknown() })),
});
