import * as z from "./zod.js";
import { checked, list } from "./schema.js";
import { agentSchema } from "./agents.js";
import { limitsSchema } from "./limits.js";
import { metadataSchema } from "./metadata.js";
import { cursorSchema, idSchema, textSchema, timestampSchema } from "./primitives.js";

/** Seconds between the heartbeats that a server asks of a game. */
export const HEARTBEAT_SECONDS = 60;

/** The body of `POST /game/connect`. */
export const gameConnectBodySchema = z.strictObject({
  game_name: z.optional(textSchema(120)),
  /** An id that the game chose itself, or was given by an earlier connect; without it the server makes one. */
  game_id: z.optional(idSchema),
  /**
   * Whether the game stays, with its agents and tasks, when its last session has ended. Left out, it is as the game said
   * before; a game that never said so is emptied `leave_grace_seconds` later.
   */
  keep: z.optional(z.boolean()),
  engine: z.optional(textSchema(80)),
  engine_version: z.optional(textSchema(80)),
  sdk_version: z.optional(textSchema(80)),
  metadata: z.optional(metadataSchema),
});

/** The answer to `POST /game/connect`. */
export const gameConnectAnswerSchema = z.object({
  success: z.literal(true),
  game_id: idSchema,
  session_id: idSchema,
  /** Secret; it goes into `Authorization: Bearer` and into the first frame of the event stream, nowhere else. */
  session_token: checked(z.string(), z.minLength(1)),
  expires_at: timestampSchema,
  heartbeat_seconds: checked(z.number(), z.gt(0)),
  websocket_url: z.string(),
  limits: limitsSchema,
  server: z.object({ name: z.string(), version: z.string(), features: list(z.string()) }),
  message: z.string(),
});

/** The answer to `POST /game/heartbeat`. */
export const gameHeartbeatAnswerSchema = z.object({
  success: z.literal(true),
  expires_at: timestampSchema,
});

/** The answer to `POST /game/disconnect`. */
export const gameDisconnectAnswerSchema = z.object({ success: z.literal(true) });

/** The answer to `GET /game/agents/{game_id}`. */
export const gameAgentsAnswerSchema = z.object({
  success: z.literal(true),
  game_id: idSchema,
  agents: list(agentSchema),
  /** Where in the event stream the agents were as they are here. */
  cursor: cursorSchema,
});
