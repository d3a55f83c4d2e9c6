import type * as z from "zod/mini";
import { array, literal, nullable, number, object, string, union } from "./schemas.js";

/** One thing wrong with a request: where, what, and which rule says so. */
export const errorDetailSchema = object({
  loc: array(union([string(), number()])),
  msg: string(),
  type: string(),
});
export type ErrorDetail = z.infer<typeof errorDetailSchema>;

/** The body of every answer that is not a success. */
export const errorBodySchema = object({
  success: literal(false),
  code: string(),
  error: string(),
  detail: nullable(union([string(), array(errorDetailSchema)])),
  request_id: string(),
  remediation: string(),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** An error inside an answer, an event or an ack: a code to test for and a sentence to show. */
export const faultSchema = object({ code: string(), message: string() });
export type Fault = z.infer<typeof faultSchema>;
