import * as z from "zod/mini";
import { above, matching, noLonger, notEmpty, whole } from "./checks.js";
import { agentMoveManyBodySchema } from "./agents.js";
import { errorBodySchema } from "./error-body.js";
import { countSchema, cursorSchema, idSchema, timestampSchema } from "./primitives.js";

/** Milliseconds that a server waits for the first frame. */
export const HELLO_TIMEOUT_MS = 5_000;

/** Milliseconds between a server's pings. Two missed beats, by wall clock, mean a dead peer. */
export const HEARTBEAT_MS = 15_000;

/** Bytes that a server holds for a client that does not read. */
export const SEND_BUFFER_MAX_BYTES = 1_048_576;

/** Bytes of one frame from a client at the most. */
export const FRAME_MAX_BYTES = 1_048_576;

/** Frames a second that a client may send, averaged over ten seconds. */
export const FRAMES_PER_SECOND_MAX = 120;

/** Types and agents that one subscription may name. */
export const SUBSCRIPTION_MAX = 1_000;

/** What a client wants to hear. A part that is left out, or an empty list, means all. */
export const subscribeSchema = z.strictObject({
  game_id: z.optional(idSchema),
  /** Event types, whole (`task.started`) or with a star at the end (`task.*`, `*`). */
  types: z.optional(
    z
      .array(
        z.string().check(matching(/^(\*|[a-z_]+\.(\*|[a-z_]+))$/, "must be like task.started, task.* or *")),
      )
      .check(noLonger(SUBSCRIPTION_MAX)),
  ),
  agent_ids: z.optional(z.array(idSchema).check(noLonger(SUBSCRIPTION_MAX))),
});
export type Subscribe = z.infer<typeof subscribeSchema>;

const secretSchema = z.string().check(notEmpty, noLonger(4_096));

const helloFields = {
  type: z.literal("hello"),
  protocol: z.number().check(whole),
  resume: z.optional(cursorSchema),
  subscribe: z.optional(subscribeSchema),
};

/** The first frame of a client: who it is, where it left off, what it wants. */
export const helloSchema = z.union([
  z.strictObject({ ...helloFields, session_token: secretSchema }),
  z.strictObject({ ...helloFields, api_key: secretSchema }),
]);
export type Hello = z.infer<typeof helloSchema>;

export const pongSchema = z.strictObject({ type: z.literal("pong"), t: z.number() });

export const positionsFrameSchema = z.strictObject({
  type: z.literal("positions"),
  ...agentMoveManyBodySchema.shape,
});

/** The calls that can be made over the stream; `params` are the path's parameters and the body's fields in one object. */
export const COMMAND_METHODS = [
  "agents.move",
  "agents.moveMany",
  "tasks.assign",
  "tasks.assignTeam",
  "tasks.cancel",
] as const;
export type CommandMethod = (typeof COMMAND_METHODS)[number];

export const commandFrameSchema = z.strictObject({
  type: z.literal("command"),
  /** The command's idempotency key, the same that the REST call would carry. */
  id: idSchema,
  method: z.literal(COMMAND_METHODS),
  params: z.looseObject({}),
});
export type CommandFrame = z.infer<typeof commandFrameSchema>;

/** Any frame that a client sends after its hello. */
export const clientFrameSchema = z.union([pongSchema, positionsFrameSchema, commandFrameSchema]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

/** The server's answer to a hello. `seq` is the log's newest event; with `recovered` all that was missed follows. */
export const welcomeSchema = z.object({
  type: z.literal("welcome"),
  protocol: z.number().check(whole),
  connection_id: idSchema,
  epoch: idSchema,
  seq: countSchema,
  recovered: z.boolean(),
  heartbeat_ms: z.number().check(above(0)),
  server_time: timestampSchema,
});
export type Welcome = z.infer<typeof welcomeSchema>;

export const pingSchema = z.object({ type: z.literal("ping"), t: z.number() });

/** The answer to one command. */
export const ackSchema = z.union([
  z.object({ type: z.literal("ack"), id: idSchema, ok: z.literal(true), result: z.unknown() }),
  z.object({ type: z.literal("ack"), id: idSchema, ok: z.literal(false), error: errorBodySchema }),
]);
export type Ack = z.infer<typeof ackSchema>;

/** Why a connection was closed, and what the client does then. */
export const closeCodes = {
  1001: { reason: "server leaving", client: "reconnect" },
  1012: { reason: "server restarting", client: "reconnect" },
  1013: { reason: "server busy", client: "reconnect later" },
  4400: { reason: "bad frame", client: "stop" },
  4401: { reason: "unauthorized", client: "one fresh token, then stop" },
  4403: { reason: "forbidden", client: "stop" },
  4408: { reason: "no hello", client: "reconnect" },
  4410: { reason: "session expired", client: "connect the game again" },
  4413: { reason: "slow reader", client: "resume" },
  4429: { reason: "too many frames", client: "reconnect later" },
} as const;
export type CloseCode = keyof typeof closeCodes;
