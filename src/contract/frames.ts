import * as z from "./zod.js";
import { checked, list, whole } from "./schema.js";
import { viewerFrameSchema } from "./detail.js";
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

/** Values of one frame from a client at the most: texts, numbers, lists and objects. */
export const FRAME_VALUES_MAX = 20_000;

/** Frames a second that a client may send, averaged over ten seconds. */
export const FRAMES_PER_SECOND_MAX = 120;

/** Types and agents that one subscription may name. */
export const SUBSCRIPTION_MAX = 1_000;

/** What a client wants to hear. A part that is left out, or an empty list, means all. */
export const subscribeSchema = z.strictObject({
  game_id: z.optional(idSchema),
  /** Event types, whole (`task.started`) or with a star at the end (`task.*`, `*`). */
  types: z.optional(
    list(
      checked(z.string(), z.regex(/^(\*|[a-z_]+\.(\*|[a-z_]+))$/, "must be like task.started, task.* or *")),
      SUBSCRIPTION_MAX,
    ),
  ),
  agent_ids: z.optional(list(idSchema, SUBSCRIPTION_MAX)),
});
export type Subscribe = z.output<typeof subscribeSchema>;

const secretSchema = checked(z.string(), z.minLength(1), z.maxLength(4_096));

const helloFields = {
  type: z.literal("hello"),
  protocol: whole(),
  resume: z.optional(cursorSchema),
  subscribe: z.optional(subscribeSchema),
};

/** The first frame of a client, by what it is known by: who it is, where it left off, what it wants. */
export const helloSchemas = {
  session_token: z.strictObject({ ...helloFields, session_token: secretSchema }),
  api_key: z.strictObject({ ...helloFields, api_key: secretSchema }),
} as const;
export const helloSchema = /* @__PURE__ */ z.union([helloSchemas.session_token, helloSchemas.api_key]);
export type Hello = z.output<typeof helloSchema>;

export const pongSchema = z.strictObject({ type: z.literal("pong"), t: z.number() });

export const positionsFrameSchema = z.strictObject({
  type: z.literal("positions"),
  /** Asks for an ack, whose `result` says what came to nothing. It is no idempotency key. */
  id: z.optional(idSchema),
  ...agentMoveManyBodySchema.shape,
});
/** What a `positions` frame says. */
export type Positions = Omit<z.output<typeof positionsFrameSchema>, "type">;

/** The calls that can be made over the stream; `params` are the path's parameters and the body's fields in one object. */
export const COMMAND_METHODS = [
  "agents.move",
  "agents.moveMany",
  "tasks.assign",
  "tasks.assignTeam",
  "tasks.cancel",
  "tasks.answer",
  "tasks.review",
] as const;
export type CommandMethod = (typeof COMMAND_METHODS)[number];

/** Those of them that workers make. */
export const WORK_METHODS = ["workers.claim", "tasks.report", "tasks.finish", "tasks.reviewed"] as const;
export type WorkMethod = (typeof WORK_METHODS)[number];

export const commandFrameSchema = z.strictObject({
  type: z.literal("command"),
  /** The command's idempotency key, the same that the REST call would carry. */
  id: idSchema,
  method: z.literal([...COMMAND_METHODS, ...WORK_METHODS]),
  params: z.looseObject({}),
});
export type CommandFrame = z.output<typeof commandFrameSchema>;

/** Any frame that a client sends after its hello. */
export const clientFrameSchema = z.union([
  pongSchema,
  positionsFrameSchema,
  commandFrameSchema,
  viewerFrameSchema,
]);
export type ClientFrame = z.output<typeof clientFrameSchema>;

/** The server's answer to a hello. `seq` is the log's newest event; with `recovered` all that was missed follows. */
export const welcomeSchema = z.object({
  type: z.literal("welcome"),
  protocol: whole(),
  connection_id: idSchema,
  epoch: idSchema,
  seq: countSchema,
  recovered: z.boolean(),
  heartbeat_ms: checked(z.number(), z.gt(0)),
  server_time: timestampSchema,
  /** What this server can do on the stream beside what every server can. */
  features: z.optional(list(z.string())),
});
export type Welcome = z.output<typeof welcomeSchema>;

export const pingSchema = z.object({ type: z.literal("ping"), t: z.number() });

/** The answer to one command, or to a `positions` frame that has an id. */
export const ackSchema = z.union([
  z.object({ type: z.literal("ack"), id: idSchema, ok: z.literal(true), result: z.unknown() }),
  z.object({ type: z.literal("ack"), id: idSchema, ok: z.literal(false), error: errorBodySchema }),
]);
export type Ack = z.output<typeof ackSchema>;

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
