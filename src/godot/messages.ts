import * as z from "zod/mini";

const environmentSchema = z.enum(["development", "staging", "production"]);

/** What `start` is given. */
export const startSchema = z.object({
  endpoint: z.string(),
  api_key: z.string(),
  environment: z.catch(environmentSchema, "development"),
  /** Milliseconds for a whole call, its retries included. */
  timeout_ms: z.number().check(z.gt(0)),
  /** Times a second at which events go to the game. */
  update_frequency: z.number().check(z.gte(1), z.lte(60)),
  /** The body of `POST /game/connect`. */
  game: z.record(z.string(), z.unknown()),
});
export type StartMessage = z.infer<typeof startSchema>;

/** One call of the contract. */
export const commandSchema = z.object({
  id: z.number(),
  route: z.string(),
  params: z.optional(z.record(z.string(), z.string())),
  query: z.optional(z.record(z.string(), z.unknown())),
  body: z.optional(z.record(z.string(), z.unknown())),
  key: z.optional(z.string()),
  timeout_ms: z.optional(z.number().check(z.gt(0))),
});
export type Command = z.infer<typeof commandSchema>;

/** What `submit` is given: what one frame of the game gathered. */
export const submitSchema = z.object({
  client: z.number(),
  commands: z.optional(z.array(commandSchema)),
  positions: z.optional(z.array(z.record(z.string(), z.unknown()))),
});

/** What `stop` is given. */
export const stopSchema = z.object({ client: z.number() });
