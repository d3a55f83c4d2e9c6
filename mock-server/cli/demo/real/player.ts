import type { Question } from "../../../../src/contract/index.js";
import type { Ask } from "../../ask.js";
import type { Terminal } from "../../terminal.js";
import { plain } from "../../text.js";
import type { Who } from "./events.js";

/** One of the options, or words. */
export type Answer = { readonly choice: string } | { readonly text: string };

/** Who answers what the agent asks, and looks at what it has done. */
export interface Player {
  readonly who: Who;
  /** Whether the agent was not allowed something. */
  readonly hasDenied: boolean;
  readonly answer: (question: Question, signal: AbortSignal) => Promise<Answer>;
  /** Whether the work is to be taken in. */
  readonly accepts: (signal: AbortSignal) => Promise<boolean>;
}

/** A player who allows everything once, takes the first option, and accepts. */
export const WILLING: Player = {
  who: "demo",
  hasDenied: false,
  async answer({ options }) {
    const [first] = options;
    return first === undefined ? { text: "As you think best." } : { choice: first.id };
  },
  accepts: async () => true,
};

/** The person at the terminal. */
export function personAt(ask: Ask, terminal: Terminal): Player {
  const { colors } = terminal;
  const line = (text: string): void => terminal.line(text);
  let hasDenied = false;
  return {
    who: "person",
    get hasDenied() {
      return hasDenied;
    },
    async answer({ options }, signal) {
      if (options.length === 0) return { text: await words(ask, signal) };
      for (const [index, { label, hint = "" }] of options.entries())
        line(
          `    ${colors.bold(String(index + 1))}  ${plain(label, 60)}${hint === "" ? "" : `  ${colors.dim(plain(hint, 100))}`}`,
        );
      for (;;) {
        const typed = (await ask(`    ${colors.bold(`1 to ${options.length}?`)} `, signal)).trim();
        const chosen = options.find(
          ({ id, label }, index) =>
            typed === String(index + 1) || [id, label.toLowerCase()].includes(typed.toLowerCase()),
        );
        if (chosen !== undefined) {
          hasDenied ||= /^(no|deny)/.test(chosen.id);
          return { choice: chosen.id };
        }
        line(`    ${colors.yellow(`Type a number from 1 to ${options.length}, and Enter.`)}`);
      }
    },
    async accepts(signal) {
      for (;;) {
        const typed = (await ask(`    ${colors.bold("Take it in, y or n?")} `, signal)).trim().toLowerCase();
        if (/^(y|yes)$/.test(typed)) return true;
        if (/^(n|no)$/.test(typed)) return false;
        line(`    ${colors.yellow("Type y or n, and Enter.")}`);
      }
    },
  };
}

async function words(ask: Ask, signal: AbortSignal): Promise<string> {
  for (;;) {
    const typed = (await ask("    ", signal)).trim();
    if (typed !== "") return typed.slice(0, 4_000);
  }
}
