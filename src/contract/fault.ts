import * as z from "./zod.js";

/** An error inside an answer, an event or an ack: a code to test for and a sentence to show. */
export const faultSchema = z.object({ code: z.string(), message: z.string() });
export type Fault = z.output<typeof faultSchema>;
