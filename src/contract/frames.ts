import * as s from "./schema/index.js";
import { above, matching, noLonger, noMoreItems, notEmpty, whole } from "./schema/rules.js";
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
export const subscribeSchema = s.strictObject({
  game_id: s.optional(idSchema),
  /** Event types, whole (`task.started`) or with a star at the end (`task.*`, `*`). */
  types: s.optional(
    s.array(
      s.string(matching(/^(\*|[a-z_]+\.(\*|[a-z_]+))$/, "must be like task.started, task.* or *")),
      noMoreItems(SUBSCRIPTION_MAX),
    ),
  ),
  agent_ids: s.optional(s.array(idSchema, noMoreItems(SUBSCRIPTION_MAX))),
});
export type Subscribe = s.Output<typeof subscribeSchema>;

const secretSchema = s.string(notEmpty, noLonger(4_096));

const helloFields = {
  type: s.literal("hello"),
  protocol: s.number(whole),
  resume: s.optional(cursorSchema),
  subscribe: s.optional(subscribeSchema),
};

/** The first frame of a client, by what it is known by: who it is, where it left off, what it wants. */
export const helloSchemas = {
  session_token: s.strictObject({ ...helloFields, session_token: secretSchema }),
  api_key: s.strictObject({ ...helloFields, api_key: secretSchema }),
} as const;
export const helloSchema = /* @__PURE__ */ s.union(helloSchemas.session_token, helloSchemas.api_key);
export type Hello = s.Output<typeof helloSchema>;

export const pongSchema = s.strictObject({ type: s.literal("pong"), t: s.number() });

export const positionsFrameSchema = s.strictObject({
  type: s.literal("positions"),
  /** Asks for an ack, whose `result` says what came to nothing. It is no idempotency key. */
  id: s.optional(idSchema),
  ...agentMoveManyBodySchema.shape,
});
/** What a `positions` frame says. */
export type Positions = Omit<s.Output<typeof positionsFrameSchema>, "type">;

/** The calls that can be made over the stream; `params` are the path's parameters and the body's fields in one object. */
export const COMMAND_METHODS = [
  "agents.move",
  "agents.moveMany",
  "tasks.assign",
  "tasks.assignTeam",
  "tasks.cancel",
] as const;
export type CommandMethod = (typeof COMMAND_METHODS)[number];

export const commandFrameSchema = s.strictObject({
  type: s.literal("command"),
  /** The command's idempotency key, the same that the REST call would carry. */
  id: idSchema,
  method: s.literal(...COMMAND_METHODS),
  params: s.looseObject(),
});
export type CommandFrame = s.Output<typeof commandFrameSchema>;

/** Any frame that a client sends after its hello. */
export const clientFrameSchema = s.union(
  pongSchema,
  positionsFrameSchema,
  commandFrameSchema,
  viewerFrameSchema,
);
export type ClientFrame = s.Output<typeof clientFrameSchema>;

/** The server's answer to a hello. `seq` is the log's newest event; with `recovered` all that was missed follows. */
export const welcomeSchema = s.object({
  type: s.literal("welcome"),
  protocol: s.number(whole),
  connection_id: idSchema,
  epoch: idSchema,
  seq: countSchema,
  recovered: s.boolean(),
  heartbeat_ms: s.number(above(0)),
  server_time: timestampSchema,
  /** What this server can do on the stream beside what every server can. */
  features: s.optional(s.array(s.string())),
});
export type Welcome = s.Output<typeof welcomeSchema>;

export const pingSchema = s.object({ type: s.literal("ping"), t: s.number() });

/** The answer to one command, or to a `positions` frame that has an id. */
export const ackSchema = s.union(
  s.object({ type: s.literal("ack"), id: idSchema, ok: s.literal(true), result: s.unknown() }),
  s.object({ type: s.literal("ack"), id: idSchema, ok: s.literal(false), error: errorBodySchema }),
);
export type Ack = s.Output<typeof ackSchema>;

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
