import type * as z from "zod/mini";
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
import { array, boolean, literal, nullable, object, optional, strictObject, string } from "./schemas.js";

/** What an agent can be seen doing. Only an `idle` agent takes a new task at once. */
export const agentStateSchema = literal(
  "idle",
  "thinking",
  "coding",
  "speaking",
  "moving",
  "collaborating",
  "error",
);
export type AgentState = z.infer<typeof agentStateSchema>;

/** How an agent behaves, each trait between 0 and 1. */
export const personalitySchema = object({
  friendliness: shareSchema,
  efficiency: shareSchema,
  creativity: shareSchema,
  talkativeness: shareSchema,
  collaboration: shareSchema,
});
export type Personality = z.infer<typeof personalitySchema>;

const colorSchema = string(matching(/^#[0-9A-Fa-f]{6}$/, "must be a colour like #0066CC"));

/** A kind of agent that can be created. */
export const agentTypeSchema = object({
  type: keywordSchema,
  name: textSchema(80),
  description: textSchema(280),
  color: colorSchema,
  personality: personalitySchema,
  capabilities: array(keywordSchema),
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
export const agentSchema = object({
  id: idSchema,
  type: keywordSchema,
  name: string(),
  description: string(),
  color: colorSchema,
  personality: personalitySchema,
  position: placeSchema,
  scene_id: nullable(idSchema),
  game_id: nullable(idSchema),
  state: agentStateSchema,
  capabilities: array(keywordSchema),
  current_task_id: nullable(idSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  metadata: metadataSchema,
});
export type Agent = z.infer<typeof agentSchema>;

export const agentListQuerySchema = strictObject({
  type: optional(keywordSchema),
  state: optional(agentStateSchema),
  game_id: optional(idSchema),
  ...pageQuery,
});

export const agentCreateBodySchema = strictObject({
  agent_type: keywordSchema,
  name: optional(textSchema(80)),
  position: optional(positionSchema),
  game_id: optional(idSchema),
  scene_id: optional(idSchema),
  metadata: optional(metadataSchema),
});

export const agentCreateAnswerSchema = object({
  success: literal(true),
  agent_id: idSchema,
  agent: agentSchema,
  message: string(),
});

export const agentGetAnswerSchema = object({ success: literal(true), agent: agentSchema });

const move = {
  position: positionSchema,
  scene_id: optional(idSchema),
  /** Grows with each move of one agent; a move with an older one than the last is not applied. */
  sequence: optional(countSchema),
};

export const agentMoveBodySchema = strictObject(move);

export const agentMoveAnswerSchema = object({
  success: literal(true),
  agent_id: idSchema,
  position: placeSchema,
  applied: boolean(),
});

/** Moves in one request at the most. */
export const POSITION_UPDATES_MAX = 1_000;

export const positionUpdateSchema = strictObject({ agent_id: idSchema, ...move });
export type PositionUpdate = z.infer<typeof positionUpdateSchema>;

export const agentMoveManyBodySchema = strictObject({
  updates: array(positionUpdateSchema, notEmpty, noLonger(POSITION_UPDATES_MAX)),
});

export const agentMoveManyAnswerSchema = object({
  success: literal(true),
  applied: array(idSchema),
  failed: array(object({ agent_id: idSchema, code: string(), error: string() })),
});

export const agentRemoveAnswerSchema = object({ success: literal(true), message: string() });
