import type { AgentState } from "../../../src/contract/index.js";
import type { Terminal } from "../terminal.js";
import { padEnd, padStart, plain } from "../text.js";

const NAME_WIDTH = 10;

/** What an agent is about, in words. */
const doing = new Map<string, string>(
  Object.entries({
    idle: "is free",
    thinking: "thinks",
    coding: "writes code",
    speaking: "speaks",
    moving: "walks to its place",
    collaborating: "works with the others",
    error: "is at a loss",
    waiting: "waits for an answer",
  } satisfies Record<AgentState, string>),
);

/** What an agent is about, in words; a state of tomorrow by its name. */
export function wordsOfState(state: string): string {
  return doing.get(state) ?? `is ${plain(state, 24)}`;
}

/** A name in its column. */
export function nameCell(name: string): string {
  return padEnd(name, NAME_WIDTH);
}

/** Writes lines that a person likes to read one after the other: when, who, what. */
export function timeline(terminal: Terminal, now: () => number): (who: string, what: string) => void {
  const begin = now();
  return (who, what) => {
    const seconds = `${((now() - begin) / 1_000).toFixed(1)} s`;
    terminal.line(`${terminal.colors.dim(padStart(seconds, 8))}  ${who}  ${what}`);
  };
}
