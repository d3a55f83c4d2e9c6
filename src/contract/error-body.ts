import * as z from "./zod.js";
import { list } from "./schema.js";

/** One thing wrong with a request: where, what, and which rule says so. */
export const errorDetailSchema = z.object({
  loc: list(z.union([z.string(), z.number()])),
  msg: z.string(),
  type: z.string(),
});
export type ErrorDetail = z.output<typeof errorDetailSchema>;

/** The body of every answer that is not a success. */
export const errorBodySchema = z.object({
  success: z.literal(false),
  code: z.string(),
  error: z.string(),
  detail: z.nullable(z.union([z.string(), list(errorDetailSchema)])),
  request_id: z.string(),
  remediation: z.string(),
});
export type ErrorBody = z.output<typeof errorBodySchema>;
