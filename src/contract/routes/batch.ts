import { batchAnswerSchema, batchBodySchema } from "../batch.js";
import { route } from "../route.js";

/** Many calls in one, by name. */
export const batchRoutes = {
  batch: route({
    method: "POST",
    path: "/batch",
    access: "caller",
    body: batchBodySchema,
    answer: { kind: "json", schema: batchAnswerSchema },
  }),
} as const;
