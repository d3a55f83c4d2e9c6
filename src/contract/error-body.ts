import * as s from "./schema/index.js";

/** One thing wrong with a request: where, what, and which rule says so. */
export const errorDetailSchema = s.object({
  loc: s.array(s.union(s.string(), s.number())),
  msg: s.string(),
  type: s.string(),
});
export type ErrorDetail = s.Output<typeof errorDetailSchema>;

/** The body of every answer that is not a success. */
export const errorBodySchema = s.object({
  success: s.literal(false),
  code: s.string(),
  error: s.string(),
  detail: s.nullable(s.union(s.string(), s.array(errorDetailSchema))),
  request_id: s.string(),
  remediation: s.string(),
});
export type ErrorBody = s.Output<typeof errorBodySchema>;

/** An error inside an answer, an event or an ack: a code to test for and a sentence to show. */
export const faultSchema = s.object({ code: s.string(), message: s.string() });
export type Fault = s.Output<typeof faultSchema>;
