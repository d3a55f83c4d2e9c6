import * as s from "../contract/schema/index.js";
import { above, atLeast, atMost } from "../contract/schema/rules.js";
import { idSchema } from "../contract/primitives.js";

/** What `start` is given. */
export const startSchema = s.object({
  endpoint: s.string(),
  /** Where the event stream is; empty, or left out: beside the endpoint. */
  websocket_url: s.optional(s.string()),
  api_key: s.string(),
  /** One that is none of the SDK's counts as `development`. */
  environment: s.string(),
  /** Milliseconds for a whole call, its retries included. */
  timeout_ms: s.number(above(0)),
  /** Times a second at which events go to the game. */
  update_frequency: s.number(atLeast(1), atMost(60)),
  /** Whose numbers the game's moves have. */
  client_id: s.optional(idSchema),
  /** The body of `POST /game/connect`. */
  game: s.looseObject(),
});
export type StartMessage = s.Output<typeof startSchema>;

/** One call of the contract. */
export const commandSchema = s.object({
  id: s.number(),
  route: s.string(),
  params: s.optional(s.record(s.string())),
  query: s.optional(s.looseObject()),
  body: s.optional(s.looseObject()),
  key: s.optional(s.string()),
  timeout_ms: s.optional(s.number(above(0))),
});
export type Command = s.Output<typeof commandSchema>;

/** Where agents are, an update each: `id` names the message in the reply that says what came of it. */
export const positionsSchema = s.object({ id: s.number(), updates: s.array(s.looseObject()) });
export type PositionsMessage = s.Output<typeof positionsSchema>;

/** What `submit` is given: what one frame of the game gathered. */
export const submitSchema = s.object({
  client: s.number(),
  commands: s.optional(s.array(commandSchema)),
  positions: s.optional(s.array(positionsSchema)),
});

/** What `stop` is given. */
export const stopSchema = s.object({ client: s.number() });
