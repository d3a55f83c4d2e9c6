import type { AgentType, Personality } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import { kindOf } from "./task-kinds.js";

/** What of an agent, or of a type of agent, decides what work it fits. */
export type Worker = Pick<AgentType, "type" | "capabilities" | "personality">;

/** Share of what the work needs that the worker can do, 0 to 1. */
export function capabilityMatch(worker: Worker, taskType: string): number {
  const { needs } = kindOf(taskType);
  return needs.filter((need) => worker.capabilities.includes(need)).length / needs.length;
}

const TRAITS = [
  "friendliness",
  "efficiency",
  "creativity",
  "talkativeness",
  "collaboration",
] as const satisfies readonly (keyof Personality)[];

/** The worker's traits, each weighted by how much it matters for the work (the table of task kinds), 0 to 1. */
export function personalityFit(worker: Worker, taskType: string): number {
  const { traits } = kindOf(taskType);
  let fit = 0;
  for (const trait of TRAITS) fit += (traits[trait] ?? 0) * worker.personality[trait];
  return fit;
}

/**
 * The best of some idle agents for a kind of work: of the preferred type if there is one, then by what it can do,
 * then by how its personality fits, then the oldest.
 */
export function chooseAgent(
  candidates: Iterable<AgentRecord>,
  taskType: string,
  preferredType: string | undefined,
): AgentRecord | undefined {
  let best: { record: AgentRecord; rank: readonly number[] } | undefined;
  for (const record of candidates) {
    const { agent } = record;
    const rank = [
      agent.type === preferredType ? 1 : 0,
      capabilityMatch(agent, taskType),
      personalityFit(agent, taskType),
      -record.ordinal,
    ];
    if (best === undefined || compareRanks(rank, best.rank) > 0) best = { record, rank };
  }
  return best?.record;
}

/** Compares two ranks: the first number in which they differ decides. Differences too small to mean anything do not count. */
export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [place, value] of a.entries()) {
    const difference = value - (b[place] ?? 0);
    if (Math.abs(difference) > 1e-9) return difference;
  }
  return 0;
}
