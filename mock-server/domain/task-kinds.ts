import type { Personality } from "../../src/contract/index.js";

/** What a kind of work asks for. */
export interface TaskKind {
  /** Capabilities that it needs. */
  readonly needs: readonly string[];
  /** How much each trait matters; the weights add up to 1. */
  readonly traits: Partial<Personality>;
}

const precise = { efficiency: 0.7, creativity: 0.1, collaboration: 0.2 };
const inventive = { efficiency: 0.3, creativity: 0.5, collaboration: 0.2 };
const sociable = { friendliness: 0.4, talkativeness: 0.4, efficiency: 0.2 };
const even = { friendliness: 0.2, efficiency: 0.3, creativity: 0.2, talkativeness: 0.1, collaboration: 0.2 };

function kind(needs: readonly string[], traits: Partial<Personality>): TaskKind {
  return { needs, traits };
}

/** The kinds that are known by name. Any other name is a kind that needs the capability of that name. */
const KINDS: ReadonlyMap<string, TaskKind> = new Map([
  ["general", kind(["general"], even)],
  ["debugging", kind(["debugging"], precise)],
  ["bug_fix", kind(["debugging"], precise)],
  ["testing", kind(["debugging", "code_review"], precise)],
  ["refactoring", kind(["refactoring", "multi_file_editing"], precise)],
  ["multi_file_editing", kind(["multi_file_editing", "refactoring"], precise)],
  ["optimization", kind(["optimization"], precise)],
  ["feature_development", kind(["feature_development", "code_generation", "debugging"], inventive)],
  ["code_generation", kind(["code_generation"], inventive)],
  ["system_design", kind(["system_design"], inventive)],
  ["code_review", kind(["code_review"], sociable)],
  ["documentation", kind(["documentation", "explanation"], sociable)],
  ["explanation", kind(["explanation", "teaching"], sociable)],
  ["teaching", kind(["teaching", "explanation"], sociable)],
]);

/** What is known of a kind of work. */
export function kindOf(taskType: string): TaskKind {
  return KINDS.get(taskType) ?? kind([taskType], even);
}
