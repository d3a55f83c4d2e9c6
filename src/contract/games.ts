import { above, notEmpty } from "./checks.js";
import { agentSchema } from "./agents.js";
import { limitsSchema } from "./limits.js";
import { cursorSchema, idSchema, metadataSchema, textSchema, timestampSchema } from "./primitives.js";
import { array, literal, number, object, optional, strictObject, string } from "./schemas.js";

/** Seconds between the heartbeats that a server asks of a game. */
export const HEARTBEAT_SECONDS = 60;

export const gameConnectBodySchema = strictObject({
  game_name: optional(textSchema(120)),
  /** An id that the game chose itself, or was given by an earlier connect; without it the server makes one. */
  game_id: optional(idSchema),
  engine: optional(textSchema(80)),
  engine_version: optional(textSchema(80)),
  sdk_version: optional(textSchema(80)),
  metadata: optional(metadataSchema),
});

export const gameConnectAnswerSchema = object({
  success: literal(true),
  game_id: idSchema,
  session_id: idSchema,
  /** Secret; it goes into `Authorization: Bearer` and into the first frame of the event stream, nowhere else. */
  session_token: string(notEmpty),
  expires_at: timestampSchema,
  heartbeat_seconds: number(above(0)),
  websocket_url: string(),
  limits: limitsSchema,
  server: object({ name: string(), version: string(), features: array(string()) }),
  message: string(),
});

export const gameHeartbeatAnswerSchema = object({
  success: literal(true),
  expires_at: timestampSchema,
});

export const gameDisconnectAnswerSchema = object({ success: literal(true) });

export const gameAgentsAnswerSchema = object({
  success: literal(true),
  game_id: idSchema,
  agents: array(agentSchema),
  /** Where in the event stream the agents were as they are here. */
  cursor: cursorSchema,
});
