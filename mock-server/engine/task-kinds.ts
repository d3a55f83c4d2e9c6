import type { Personality } from "../../src/contract/index.js";

/** What a kind of work asks for and how it goes. */
export interface TaskKind {
  /** Capabilities that it needs. */
  readonly needs: readonly string[];
  /** How much each trait matters; the weights add up to 1. */
  readonly traits: Partial<Personality>;
  /** Seconds that the simulated work takes at the least and at the most. */
  readonly seconds: readonly [number, number];
  /** How often the simulated work fails for an agent that can do it. */
  readonly failureRate: number;
  /** Whether the work is mostly code or mostly talk. */
  readonly style: "code" | "talk";
}

const precise = { efficiency: 0.7, creativity: 0.1, collaboration: 0.2 };
const inventive = { efficiency: 0.3, creativity: 0.5, collaboration: 0.2 };
const sociable = { friendliness: 0.4, talkativeness: 0.4, efficiency: 0.2 };
const even = { friendliness: 0.2, efficiency: 0.3, creativity: 0.2, talkativeness: 0.1, collaboration: 0.2 };

function code(
  needs: readonly string[],
  traits: Partial<Personality>,
  seconds: [number, number],
  failureRate: number,
): TaskKind {
  return { needs, traits, seconds, failureRate, style: "code" };
}

function talk(needs: readonly string[], seconds: [number, number], failureRate: number): TaskKind {
  return { needs, traits: sociable, seconds, failureRate, style: "talk" };
}

const general = code(["general"], even, [7, 20], 0.08);

/** The kinds that are known by name. Any other name is a kind that needs the capability of that name. */
const KINDS: ReadonlyMap<string, TaskKind> = new Map([
  ["general", general],
  ["debugging", code(["debugging"], precise, [10, 24], 0.14)],
  ["bug_fix", code(["debugging"], precise, [8, 22], 0.12)],
  ["testing", code(["debugging", "code_review"], precise, [9, 22], 0.12)],
  ["refactoring", code(["refactoring", "multi_file_editing"], precise, [10, 26], 0.1)],
  ["multi_file_editing", code(["multi_file_editing", "refactoring"], precise, [10, 26], 0.1)],
  ["optimization", code(["optimization"], precise, [12, 28], 0.15)],
  [
    "feature_development",
    code(["feature_development", "code_generation", "debugging"], inventive, [14, 30], 0.12),
  ],
  ["code_generation", code(["code_generation"], inventive, [9, 22], 0.1)],
  ["system_design", code(["system_design"], inventive, [12, 28], 0.06)],
  ["code_review", talk(["code_review"], [7, 18], 0.04)],
  ["documentation", talk(["documentation", "explanation"], [7, 18], 0.03)],
  ["explanation", talk(["explanation", "teaching"], [6, 14], 0.02)],
  ["teaching", talk(["teaching", "explanation"], [8, 18], 0.02)],
]);

/** What is known of a kind of work. */
export function kindOf(taskType: string): TaskKind {
  return KINDS.get(taskType) ?? { ...general, needs: [taskType] };
}
