import * as s from "./schema/index.js";
import { above, notEmpty } from "./schema/rules.js";
import { agentSchema } from "./agents.js";
import { limitsSchema } from "./limits.js";
import { metadataSchema } from "./metadata.js";
import { cursorSchema, idSchema, textSchema, timestampSchema } from "./primitives.js";

/** Seconds between the heartbeats that a server asks of a game. */
export const HEARTBEAT_SECONDS = 60;

export const gameConnectBodySchema = s.strictObject({
  game_name: s.optional(textSchema(120)),
  /** An id that the game chose itself, or was given by an earlier connect; without it the server makes one. */
  game_id: s.optional(idSchema),
  /**
   * Whether the game stays, with its agents and tasks, when its last session has ended. Left out, it is as the game said
   * before; a game that never said so is emptied `leave_grace_seconds` later.
   */
  keep: s.optional(s.boolean()),
  engine: s.optional(textSchema(80)),
  engine_version: s.optional(textSchema(80)),
  sdk_version: s.optional(textSchema(80)),
  metadata: s.optional(metadataSchema),
});

export const gameConnectAnswerSchema = s.object({
  success: s.literal(true),
  game_id: idSchema,
  session_id: idSchema,
  /** Secret; it goes into `Authorization: Bearer` and into the first frame of the event stream, nowhere else. */
  session_token: s.string(notEmpty),
  expires_at: timestampSchema,
  heartbeat_seconds: s.number(above(0)),
  websocket_url: s.string(),
  limits: limitsSchema,
  server: s.object({ name: s.string(), version: s.string(), features: s.array(s.string()) }),
  message: s.string(),
});

export const gameHeartbeatAnswerSchema = s.object({
  success: s.literal(true),
  expires_at: timestampSchema,
});

export const gameDisconnectAnswerSchema = s.object({ success: s.literal(true) });

export const gameAgentsAnswerSchema = s.object({
  success: s.literal(true),
  game_id: idSchema,
  agents: s.array(agentSchema),
  /** Where in the event stream the agents were as they are here. */
  cursor: cursorSchema,
});
