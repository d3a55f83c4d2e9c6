import type { AgentEvent } from "../../../server/src/agent-events.js";

/** Milliseconds for which a state is seen at the least. */
const SEEN_MS = 300;

/** A tool that began, as it was read from the agent. */
export interface ToolRead {
  readonly agentId: string;
  readonly at: number;
}

/** A state of a character, as a page was told of it. */
export interface StateSeen {
  readonly agentId: string;
  readonly state: string;
  readonly at: number;
}

/** Whether an event of an agent is a tool's beginning that makes its character write code, the first time that it is told. */
export function beginsToCode(event: AgentEvent, known: Set<string>): boolean {
  if (event.kind !== "tool" || event.status !== "running" || known.has(event.tool_id)) return false;
  known.add(event.tool_id);
  return event.tool === "edit" || event.tool === "execute";
}

/** How long it took from tools to characters, in milliseconds, the shortest first. */
export interface Latencies {
  /** Of tools that found a character which was free to change. */
  readonly free: readonly number[];
  /** How many found one whose state before had not been seen for long enough, or that was seen so already. */
  readonly held: number;
}

/**
 * From each tool to the state in the page that it is the cause of. A character stays in each state for a moment, so that one sees it: where a
 * tool comes in such a moment, what is measured would be that moment, and it is counted apart.
 */
export function latenciesOf(tools: readonly ToolRead[], states: readonly StateSeen[]): Latencies {
  const free: number[] = [];
  let held = 0;
  for (const { agentId, at } of tools) {
    const own = states.filter((state) => state.agentId === agentId);
    const before = own.findLast((state) => state.at < at);
    const shown = own.find((state) => state.at >= at && state.state === "coding");
    const isFree = before !== undefined && before.state !== "coding" && before.at + SEEN_MS <= at;
    if (isFree && shown !== undefined) free.push(shown.at - at);
    else held += 1;
  }
  return { free: free.toSorted((a, b) => a - b), held };
}

/** The value under which such a share of all lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
