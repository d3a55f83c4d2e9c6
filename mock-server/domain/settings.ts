import { BUILT_IN_AGENT_TYPES } from "../../src/contract/agent-types.js";
import { agentTypeSchema } from "../../src/contract/agents.js";
import { DEFAULT_LIMITS, LIMITS_MAX, limitsSchema } from "../../src/contract/limits.js";
import { check, describeProblems } from "../../src/contract/schema.js";
import type { AgentType, Limits } from "../../src/contract/index.js";
import { EngineError, invalidRequest } from "./errors.js";
import { TOTAL_BYTES, TOTAL_BYTES_MAX } from "./bounds.js";
import { deepFreeze } from "./frozen.js";

/** The limits with their defaults, checked. */
export function limitsFrom(given: Partial<Limits> = {}): Limits {
  const values: [string, unknown][] = Object.entries(given);
  const told = values.filter(([, value]) => value !== undefined);
  const checked = check(limitsSchema, { ...DEFAULT_LIMITS, ...Object.fromEntries(told) }, "limits");
  if (!checked.ok) {
    const detail = checked.problems;
    throw new EngineError("invalid_request", `The limits are not valid: ${describeProblems(detail)}.`, {
      detail,
    });
  }
  const tighter = new Map<string, number>(Object.entries(LIMITS_MAX));
  for (const [name, value] of Object.entries(checked.value)) {
    const most = tighter.get(name) ?? LIMIT_MAX;
    if (Number(value) > most) throw invalidRequest(["limits", name], `must be at most ${most}`, "too_big");
  }
  return Object.freeze(checked.value);
}

/** How large a limit may be. Seconds beyond it would end in a year that no time can be written in. */
const LIMIT_MAX = 1_000_000_000;

/** The bytes that all games together may hold, checked. */
export function totalBytesFrom(given: number = TOTAL_BYTES): number {
  if (Number.isSafeInteger(given) && given >= 1 && given <= TOTAL_BYTES_MAX) return given;
  throw invalidRequest(["totalBytes"], `must be a whole number from 1 to ${TOTAL_BYTES_MAX}`);
}

/** The types of agents by name, checked. */
export function typesFrom(given: readonly AgentType[] = BUILT_IN_AGENT_TYPES): Map<string, AgentType> {
  const types = new Map<string, AgentType>();
  for (const [place, type] of given.entries()) {
    const checked = check(agentTypeSchema, type, `agentTypes.${place}`);
    if (!checked.ok) {
      const detail = checked.problems;
      throw new EngineError("invalid_request", `A type of agent is not valid: ${describeProblems(detail)}.`, {
        detail,
      });
    }
    if (types.has(checked.value.type)) {
      throw invalidRequest(
        ["agentTypes", place, "type"],
        `must be new; there is a type '${type.type}' already`,
      );
    }
    types.set(checked.value.type, deepFreeze(checked.value));
  }
  if (types.size === 0) throw invalidRequest(["agentTypes"], "must have at least one type");
  return types;
}
