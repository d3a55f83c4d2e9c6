import * as z from "zod/mini";
import { matching, noLonger, notEmpty } from "./checks.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  metadataSchema,
  pageQuery,
  placeSchema,
  positionSchema,
  shareSchema,
  textSchema,
  timestampSchema,
} from "./primitives.js";

/** What an agent can be seen doing. Only an `idle` agent takes a new task at once. */
export const agentStateSchema = z.literal([
  "idle",
  "thinking",
  "coding",
  "speaking",
  "moving",
  "collaborating",
  "error",
]);
export type AgentState = z.infer<typeof agentStateSchema>;

/** How an agent behaves, each trait between 0 and 1. */
export const personalitySchema = z.object({
  friendliness: shareSchema,
  efficiency: shareSchema,
  creativity: shareSchema,
  talkativeness: shareSchema,
  collaboration: shareSchema,
});
export type Personality = z.infer<typeof personalitySchema>;

const colorSchema = z.string().check(matching(/^#[0-9A-Fa-f]{6}$/, "must be a colour like #0066CC"));

/** A kind of agent that can be created. */
export const agentTypeSchema = z.object({
  type: keywordSchema,
  name: textSchema(80),
  description: textSchema(280),
  color: colorSchema,
  personality: personalitySchema,
  capabilities: z.array(keywordSchema),
});
export type AgentType = z.infer<typeof agentTypeSchema>;

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
  {
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
  },
] as const satisfies readonly AgentType[];

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
  state: agentStateSchema,
  capabilities: z.array(keywordSchema),
  current_task_id: z.nullable(idSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  metadata: metadataSchema,
});
export type Agent = z.infer<typeof agentSchema>;

export const agentListQuerySchema = z.strictObject({
  type: z.optional(keywordSchema),
  state: z.optional(agentStateSchema),
  game_id: z.optional(idSchema),
  ...pageQuery,
});

export const agentCreateBodySchema = z.strictObject({
  agent_type: keywordSchema,
  name: z.optional(textSchema(80)),
  position: z.optional(positionSchema),
  game_id: z.optional(idSchema),
  scene_id: z.optional(idSchema),
  metadata: z.optional(metadataSchema),
});

export const agentCreateAnswerSchema = z.object({
  success: z.literal(true),
  agent_id: idSchema,
  agent: agentSchema,
  message: z.string(),
});

export const agentGetAnswerSchema = z.object({ success: z.literal(true), agent: agentSchema });

const move = {
  position: positionSchema,
  scene_id: z.optional(idSchema),
  /** Grows with each move of one agent; a move with an older one than the last is not applied. */
  sequence: z.optional(countSchema),
};

export const agentMoveBodySchema = z.strictObject(move);

export const agentMoveAnswerSchema = z.object({
  success: z.literal(true),
  agent_id: idSchema,
  position: placeSchema,
  applied: z.boolean(),
});

/** Moves in one request at the most. */
export const POSITION_UPDATES_MAX = 1_000;

export const positionUpdateSchema = z.strictObject({ agent_id: idSchema, ...move });
export type PositionUpdate = z.infer<typeof positionUpdateSchema>;

export const agentMoveManyBodySchema = z.strictObject({
  updates: z.array(positionUpdateSchema).check(notEmpty, noLonger(POSITION_UPDATES_MAX)),
});

export const agentMoveManyAnswerSchema = z.object({
  success: z.literal(true),
  applied: z.array(idSchema),
  failed: z.array(z.object({ agent_id: idSchema, code: z.string(), error: z.string() })),
});

export const agentRemoveAnswerSchema = z.object({ success: z.literal(true), message: z.string() });
