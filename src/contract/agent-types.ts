import { agentTypeSchema, colorSchema, personalitySchema } from "./agents.js";
import type { AgentType } from "./agents.js";
import { keywordSchema, textSchema } from "./primitives.js";
import { list } from "./schema.js";
import * as z from "./zod.js";

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
export const agentTypeCreateBodySchema = z.strictObject({
  type: keywordSchema,
  name: textSchema(80),
  description: z._default(textSchema(280), () => CUSTOM_AGENT_TYPE.description),
  color: z._default(colorSchema, () => CUSTOM_AGENT_TYPE.color),
  personality: z._default(z.strictObject(personalitySchema.shape), () => CUSTOM_AGENT_TYPE.personality),
  capabilities: z._default(list(keywordSchema, CAPABILITIES_MAX), () => [...CUSTOM_AGENT_TYPE.capabilities]),
});

/** The answer to `POST /agents/types`. */
export const agentTypeCreateAnswerSchema = z.object({
  success: z.literal(true),
  agent_type: agentTypeSchema,
  message: z.string(),
});
