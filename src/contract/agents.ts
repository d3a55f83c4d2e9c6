import * as z from "./zod.js";
import { checked, list, open } from "./schema.js";
import { metadataSchema, toldMetadataSchema } from "./metadata.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  pageQuery,
  placeSchema,
  positionSchema,
  shareSchema,
  textSchema,
  timestampSchema,
} from "./primitives.js";

/** What an agent can be seen doing. Only an `idle` agent takes a new task at once; a `waiting` one needs a person's answer. */
export const AGENT_STATES = [
  "idle",
  "thinking",
  "coding",
  "speaking",
  "moving",
  "collaborating",
  "error",
  "waiting",
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** A state as a caller names it. */
export const agentStateSchema = z.literal(AGENT_STATES);

/** A state as a server tells it: a later one may know more states. */
export const toldAgentStateSchema = open(...AGENT_STATES);
export type ToldAgentState = z.output<typeof toldAgentStateSchema>;

/** How an agent behaves, each trait between 0 and 1. */
export const personalitySchema = z.object({
  friendliness: shareSchema,
  efficiency: shareSchema,
  creativity: shareSchema,
  talkativeness: shareSchema,
  collaboration: shareSchema,
});
export type Personality = z.output<typeof personalitySchema>;

/** A colour, as CSS writes it. */
export const colorSchema = checked(z.string(), z.regex(/^#[0-9A-Fa-f]{6}$/, "must be a colour like #0066CC"));

/** A kind of agent that can be created. */
export const agentTypeSchema = z.object({
  type: keywordSchema,
  name: textSchema(80),
  description: textSchema(280),
  color: colorSchema,
  personality: personalitySchema,
  capabilities: list(keywordSchema),
});
export type AgentType = z.output<typeof agentTypeSchema>;

/** An agent as it is now. */
export const agentSchema = z.object({
  id: idSchema,
  type: keywordSchema,
  name: z.string(),
  description: z.string(),
  color: colorSchema,
  personality: personalitySchema,
  position: placeSchema,
  scene_id: z.nullable(idSchema),
  game_id: z.nullable(idSchema),
  state: toldAgentStateSchema,
  capabilities: list(keywordSchema),
  current_task_id: z.nullable(idSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  metadata: toldMetadataSchema,
  /** The agent that it helps, of which it is a part; null for one that stands alone. */
  parent_agent_id: z._default(z.nullable(idSchema), () => null),
});
export type Agent = z.output<typeof agentSchema>;

/** The query of `GET /agents`. */
export const agentListQuerySchema = z.strictObject({
  type: z.optional(keywordSchema),
  state: z.optional(agentStateSchema),
  game_id: z.optional(idSchema),
  ...pageQuery,
});

/** The body of `POST /agents/create`. */
export const agentCreateBodySchema = z.strictObject({
  agent_type: keywordSchema,
  name: z.optional(textSchema(80)),
  position: z.optional(positionSchema),
  game_id: z.optional(idSchema),
  scene_id: z.optional(idSchema),
  metadata: z.optional(metadataSchema),
});

/** The answer to `POST /agents/create`. */
export const agentCreateAnswerSchema = z.object({
  success: z.literal(true),
  agent_id: idSchema,
  agent: agentSchema,
  message: z.string(),
});

/** The answer to `GET /agents/{agent_id}`. */
export const agentGetAnswerSchema = z.object({ success: z.literal(true), agent: agentSchema });

/** Clients whose newest sequence a server remembers of one agent; past it the client that moved it longest ago is forgotten. */
export const MOVE_CLIENTS_MAX = 8;

const move = {
  position: positionSchema,
  scene_id: z.optional(idSchema),
  /**
   * Grows with each move of an agent by one client: a move that comes in behind a newer one of the same client is not applied. Those
   * of different clients are never compared, and a move without one is always applied.
   */
  sequence: z.optional(countSchema),
};

const numbered = {
  /**
   * The client that numbers, by a name that it makes up: another one whenever it begins to count anew, as a page does that is loaded
   * again. Left out, the session is the client, or the API key.
   */
  client_id: z.optional(idSchema),
};

/** The body of `PUT /agents/{agent_id}/position`. */
export const agentMoveBodySchema = z.strictObject({ ...move, ...numbered });

/** The answer to `PUT /agents/{agent_id}/position`. */
export const agentMoveAnswerSchema = z.object({
  success: z.literal(true),
  agent_id: idSchema,
  position: placeSchema,
  applied: z.boolean(),
});

/** Moves in one request at the most. */
export const POSITION_UPDATES_MAX = 1_000;

export const positionUpdateSchema = z.strictObject({ agent_id: idSchema, ...move });
export type PositionUpdate = z.output<typeof positionUpdateSchema>;

/** The body of `PUT /agents/positions`. */
export const agentMoveManyBodySchema = z.strictObject({
  updates: checked(list(positionUpdateSchema, POSITION_UPDATES_MAX), z.minLength(1)),
  ...numbered,
});

/** Agents that stayed where they are, since a newer move of the same client was there before; left out where there are none. */
const outdated = z.optional(list(z.object({ agent_id: idSchema, position: placeSchema })));
const failed = list(z.object({ agent_id: idSchema, code: z.string(), error: z.string() }));

/** The answer to `PUT /agents/positions`. */
export const agentMoveManyAnswerSchema = z.object({
  success: z.literal(true),
  applied: list(idSchema),
  outdated,
  failed,
});

/** What came to nothing of a `positions` frame, in its ack. Agents that it does not name were moved. */
export const positionsResultSchema = z.object({ outdated, failed: z.optional(failed) });
export type PositionsResult = z.output<typeof positionsResultSchema>;

/** The answer to `DELETE /agents/{agent_id}`. */
export const agentRemoveAnswerSchema = z.object({ success: z.literal(true), message: z.string() });
