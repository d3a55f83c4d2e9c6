import * as s from "./schema/index.js";
import { matching, noLonger, noMoreItems, someItems, whole } from "./schema/rules.js";
import { idSchema } from "./primitives.js";

/** Requests in one batch at the most. */
export const BATCH_MAX = 100;

export const batchBodySchema = s.strictObject({
  requests: s.array(
    s.strictObject({
      /** The caller's own name for the request; its response carries it. */
      id: idSchema,
      method: s.literal("GET", "POST", "PUT", "DELETE"),
      /** Path and query, as in a request line: `/agents?limit=10`. */
      path: s.string(matching(/^\/(?!\/)/, "must begin with one /"), noLonger(2_048)),
      body: s.optional(s.unknown()),
      /** As the `Idempotency-Key` header of a request of its own. */
      idempotency_key: s.optional(idSchema),
    }),
    someItems,
    noMoreItems(BATCH_MAX),
  ),
});

export const batchAnswerSchema = s.object({
  success: s.literal(true),
  /** One for each request, in their order. */
  responses: s.array(s.object({ id: idSchema, status: s.number(whole), body: s.unknown() })),
});
