import * as z from "../contract/zod.js";
import { checked, list, record } from "../contract/schema.js";
import { idSchema } from "../contract/primitives.js";

/** What `start` is given. */
export const startSchema = z.object({
  endpoint: z.string(),
  /** Where the event stream is; empty, or left out: beside the endpoint. */
  websocket_url: z.optional(z.string()),
  api_key: z.string(),
  /** One that is none of the SDK's counts as `development`. */
  environment: z.string(),
  /** Milliseconds for a whole call, its retries included. */
  timeout_ms: checked(z.number(), z.gt(0)),
  /** Times a second at which events go to the game. */
  update_frequency: checked(z.number(), z.gte(1), z.lte(60)),
  /** Whose numbers the game's moves have. */
  client_id: z.optional(idSchema),
  /** The text of a file of scripts, for the backend in the page. */
  scripts: z.optional(z.string()),
  /** The body of `POST /game/connect`. */
  game: z.looseObject({}),
});
export type StartMessage = z.output<typeof startSchema>;

/** One call of the contract. */
export const commandSchema = z.object({
  id: z.number(),
  route: z.string(),
  params: z.optional(record(z.string())),
  query: z.optional(z.looseObject({})),
  body: z.optional(z.looseObject({})),
  key: z.optional(z.string()),
  timeout_ms: z.optional(checked(z.number(), z.gt(0))),
});
export type Command = z.output<typeof commandSchema>;

/** Where agents are, an update each: `id` names the message in the reply that says what came of it. */
export const positionsSchema = z.object({ id: z.number(), updates: list(z.looseObject({})) });
export type PositionsMessage = z.output<typeof positionsSchema>;

/** What `submit` is given: what one frame of the game gathered. */
export const submitSchema = z.object({
  client: z.number(),
  commands: z.optional(list(commandSchema)),
  positions: z.optional(list(positionsSchema)),
});

/** What `stop` is given. */
export const stopSchema = z.object({ client: z.number() });
