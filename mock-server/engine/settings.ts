import {
  agentTypeSchema,
  BUILT_IN_AGENT_TYPES,
  DEFAULT_LIMITS,
  describeDetail,
  issuesToDetail,
  limitsSchema,
  type AgentType,
  type Limits,
} from "../../src/contract/index.js";
import { EngineError, invalidRequest } from "./errors.js";
import { deepFreeze } from "./frozen.js";

/** The limits with their defaults, checked. */
export function limitsFrom(given: Partial<Limits> = {}): Limits {
  const values: [string, unknown][] = Object.entries(given);
  const told = values.filter(([, value]) => value !== undefined);
  const parsed = limitsSchema.safeParse({ ...DEFAULT_LIMITS, ...Object.fromEntries(told) });
  if (!parsed.success) {
    const detail = issuesToDetail(parsed.error.issues, "limits");
    throw new EngineError("invalid_request", `The limits are not valid: ${describeDetail(detail)}.`, {
      detail,
    });
  }
  return Object.freeze(parsed.data);
}

/** The types of agents by name, checked. */
export function typesFrom(given: readonly AgentType[] = BUILT_IN_AGENT_TYPES): Map<string, AgentType> {
  const types = new Map<string, AgentType>();
  for (const [place, type] of given.entries()) {
    const parsed = agentTypeSchema.safeParse(type);
    if (!parsed.success) {
      const detail = issuesToDetail(parsed.error.issues, `agentTypes.${place}`);
      throw new EngineError("invalid_request", `A type of agent is not valid: ${describeDetail(detail)}.`, {
        detail,
      });
    }
    if (types.has(parsed.data.type)) {
      throw invalidRequest(
        ["agentTypes", place, "type"],
        `must be new; there is a type '${type.type}' already`,
      );
    }
    types.set(parsed.data.type, deepFreeze(parsed.data));
  }
  if (types.size === 0) throw invalidRequest(["agentTypes"], "must have at least one type");
  return types;
}
