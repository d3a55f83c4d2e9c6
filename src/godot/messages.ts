import * as z from "zod/mini";
import { above, atLeast, atMost } from "../contract/checks.js";

const environmentSchema = z.literal(["development", "staging", "production"]);

/** What `start` is given. */
export const startSchema = z.object({
  endpoint: z.string(),
  api_key: z.string(),
  environment: z.catch(environmentSchema, "development"),
  /** Milliseconds for a whole call, its retries included. */
  timeout_ms: z.number().check(above(0)),
  /** Times a second at which events go to the game. */
  update_frequency: z.number().check(atLeast(1), atMost(60)),
  /** The body of `POST /game/connect`. */
  game: z.looseObject({}),
});
export type StartMessage = z.infer<typeof startSchema>;

/** One call of the contract. */
export const commandSchema = z.object({
  id: z.number(),
  route: z.string(),
  params: z.optional(z.catchall(z.object({}), z.string())),
  query: z.optional(z.looseObject({})),
  body: z.optional(z.looseObject({})),
  key: z.optional(z.string()),
  timeout_ms: z.optional(z.number().check(above(0))),
});
export type Command = z.infer<typeof commandSchema>;

/** What `submit` is given: what one frame of the game gathered. */
export const submitSchema = z.object({
  client: z.number(),
  commands: z.optional(z.array(commandSchema)),
  positions: z.optional(z.array(z.looseObject({}))),
});

/** What `stop` is given. */
export const stopSchema = z.object({ client: z.number() });
