import * as s from "./schema/index.js";
import { matching, noMoreItems, someItems } from "./schema/rules.js";
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

/** What an agent can be seen doing. Only an `idle` agent takes a new task at once. */
export const AGENT_STATES = [
  "idle",
  "thinking",
  "coding",
  "speaking",
  "moving",
  "collaborating",
  "error",
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** A state as a caller names it. */
export const agentStateSchema = s.literal(...AGENT_STATES);

/** A state as a server tells it: a later one may know more states. */
export const toldAgentStateSchema = s.open(...AGENT_STATES);
export type ToldAgentState = s.Output<typeof toldAgentStateSchema>;

/** How an agent behaves, each trait between 0 and 1. */
export const personalitySchema = s.object({
  friendliness: shareSchema,
  efficiency: shareSchema,
  creativity: shareSchema,
  talkativeness: shareSchema,
  collaboration: shareSchema,
});
export type Personality = s.Output<typeof personalitySchema>;

const colorSchema = s.string(matching(/^#[0-9A-Fa-f]{6}$/, "must be a colour like #0066CC"));

/** A kind of agent that can be created. */
export const agentTypeSchema = s.object({
  type: keywordSchema,
  name: textSchema(80),
  description: textSchema(280),
  color: colorSchema,
  personality: personalitySchema,
  capabilities: s.array(keywordSchema),
});
export type AgentType = s.Output<typeof agentTypeSchema>;

/** What an added type is in all that is left out of it. */
const CUSTOM_AGENT_TYPE = {
  type: "custom",
  name: "Custom",
  description: "Custom agent",
  color: "#8855CC",
  personality: {
    friendliness: 0.8,
    efficiency: 0.9,
    creativity: 0.7,
    talkativeness: 0.6,
    collaboration: 0.8,
  },
  capabilities: ["general"],
} as const satisfies AgentType;

/** The types that exist when a server starts. */
export const BUILT_IN_AGENT_TYPES = [
  {
    type: "aider",
    name: "Aider",
    description: "Multi-file coding specialist",
    color: "#0066CC",
    personality: {
      friendliness: 0.7,
      efficiency: 0.95,
      creativity: 0.6,
      talkativeness: 0.4,
      collaboration: 0.8,
    },
    capabilities: ["refactoring", "debugging", "optimization", "multi_file_editing"],
  },
  {
    type: "opencode",
    name: "OpenCode",
    description: "Autonomous coding agent",
    color: "#00CC66",
    personality: {
      friendliness: 0.9,
      efficiency: 0.8,
      creativity: 0.9,
      talkativeness: 0.8,
      collaboration: 0.9,
    },
    capabilities: ["feature_development", "code_generation", "system_design"],
  },
  {
    type: "claude",
    name: "Claude",
    description: "Conversational coding assistant",
    color: "#CC6600",
    personality: {
      friendliness: 0.95,
      efficiency: 0.85,
      creativity: 0.8,
      talkativeness: 0.9,
      collaboration: 0.85,
    },
    capabilities: ["explanation", "teaching", "code_review", "documentation"],
  },
  CUSTOM_AGENT_TYPE,
] as const satisfies readonly AgentType[];

/** Types that may be added to those that exist at the start. */
export const ADDED_AGENT_TYPES_MAX = 100;

/** Capabilities of a type that is added. */
export const CAPABILITIES_MAX = 32;

/** A type to add; what is left out is as the type `custom` has it. */
export const agentTypeCreateBodySchema = s.strictObject({
  type: keywordSchema,
  name: textSchema(80),
  description: s.withDefault(textSchema(280), () => CUSTOM_AGENT_TYPE.description),
  color: s.withDefault(colorSchema, () => CUSTOM_AGENT_TYPE.color),
  personality: s.withDefault(s.strictObject(personalitySchema.shape), () => CUSTOM_AGENT_TYPE.personality),
  capabilities: s.withDefault(s.array(keywordSchema, noMoreItems(CAPABILITIES_MAX)), () => [
    ...CUSTOM_AGENT_TYPE.capabilities,
  ]),
});

export const agentTypeCreateAnswerSchema = s.object({
  success: s.literal(true),
  agent_type: agentTypeSchema,
  message: s.string(),
});

/** An agent as it is now. */
export const agentSchema = s.object({
  id: idSchema,
  type: keywordSchema,
  name: s.string(),
  description: s.string(),
  color: colorSchema,
  personality: personalitySchema,
  position: placeSchema,
  scene_id: s.nullable(idSchema),
  game_id: s.nullable(idSchema),
  state: toldAgentStateSchema,
  capabilities: s.array(keywordSchema),
  current_task_id: s.nullable(idSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  metadata: toldMetadataSchema,
});
export type Agent = s.Output<typeof agentSchema>;

export const agentListQuerySchema = s.strictObject({
  type: s.optional(keywordSchema),
  state: s.optional(agentStateSchema),
  game_id: s.optional(idSchema),
  ...pageQuery,
});

export const agentCreateBodySchema = s.strictObject({
  agent_type: keywordSchema,
  name: s.optional(textSchema(80)),
  position: s.optional(positionSchema),
  game_id: s.optional(idSchema),
  scene_id: s.optional(idSchema),
  metadata: s.optional(metadataSchema),
});

export const agentCreateAnswerSchema = s.object({
  success: s.literal(true),
  agent_id: idSchema,
  agent: agentSchema,
  message: s.string(),
});

export const agentGetAnswerSchema = s.object({ success: s.literal(true), agent: agentSchema });

/** Clients whose newest sequence a server remembers of one agent; past it the client that moved it longest ago is forgotten. */
export const MOVE_CLIENTS_MAX = 8;

const move = {
  position: positionSchema,
  scene_id: s.optional(idSchema),
  /**
   * Grows with each move of an agent by one client: a move that comes in behind a newer one of the same client is not applied. Those
   * of different clients are never compared, and a move without one is always applied.
   */
  sequence: s.optional(countSchema),
};

const numbered = {
  /**
   * The client that numbers, by a name that it makes up: another one whenever it begins to count anew, as a page does that is loaded
   * again. Left out, the session is the client, or the API key.
   */
  client_id: s.optional(idSchema),
};

export const agentMoveBodySchema = s.strictObject({ ...move, ...numbered });

export const agentMoveAnswerSchema = s.object({
  success: s.literal(true),
  agent_id: idSchema,
  position: placeSchema,
  applied: s.boolean(),
});

/** Moves in one request at the most. */
export const POSITION_UPDATES_MAX = 1_000;

export const positionUpdateSchema = s.strictObject({ agent_id: idSchema, ...move });
export type PositionUpdate = s.Output<typeof positionUpdateSchema>;

export const agentMoveManyBodySchema = s.strictObject({
  updates: s.array(positionUpdateSchema, someItems, noMoreItems(POSITION_UPDATES_MAX)),
  ...numbered,
});

/** Agents that stayed where they are, since a newer move of the same client was there before; left out where there are none. */
const outdated = s.optional(s.array(s.object({ agent_id: idSchema, position: placeSchema })));
const failed = s.array(s.object({ agent_id: idSchema, code: s.string(), error: s.string() }));

export const agentMoveManyAnswerSchema = s.object({
  success: s.literal(true),
  applied: s.array(idSchema),
  outdated,
  failed,
});

/** What came to nothing of a `positions` frame, in its ack. Agents that it does not name were moved. */
export const positionsResultSchema = s.object({ outdated, failed: s.optional(failed) });
export type PositionsResult = s.Output<typeof positionsResultSchema>;

export const agentRemoveAnswerSchema = s.object({ success: s.literal(true), message: s.string() });
