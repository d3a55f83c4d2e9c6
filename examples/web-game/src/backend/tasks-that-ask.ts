import type { Script } from "oligarchy-agentvm/mock";
import type { TicketText } from "../play/tickets.js";
import { shuffled } from "../world/random.js";
import type { Chance } from "../world/random.js";

/** One ticket in so many asks the player something. */
const ONE_IN = 3;

/** Seconds of the backend's clock for which a question stays open. */
const OPEN_SECONDS = 120;

/** A small change: the lines that go and those that come. */
interface Change {
  readonly path: string;
  readonly around: string;
  readonly goes: readonly string[];
  readonly comes: readonly string[];
}

const BY_KIND: Readonly<Record<string, Change>> = {
  debugging: {
    path: "src/hero/jump.ts",
    around: "export function land(hero: Hero, floor: Floor): void {",
    goes: ["  if (hero.speed < 0) hero.y = floor.y;"],
    comes: [
      "  // After a double jump the hero may be below the floor within one frame, and was let through there.",
      "  const isBelow = hero.y <= floor.y || hero.lastY > floor.y;",
      "  if (hero.speed < 0 && isBelow) hero.y = floor.y;",
    ],
  },
  explanation: {
    path: "docs/enemies.md",
    around: "## How enemies patrol",
    goes: ["They walk about."],
    comes: [
      "An enemy walks from mark to mark. Where two marks are as near, it takes the one that it has not seen for longer.",
      "When it hears the hero, it leaves its round, and comes back to the mark where it left it.",
    ],
  },
  documentation: {
    path: "docs/modding.md",
    around: "## Your first mod",
    goes: ["TODO"],
    comes: ["Make a folder in `mods/`, and in it a file `mod.json` with a name and a version."],
  },
  code_generation: {
    path: "src/sky/weather.ts",
    around: 'import { Sky } from "./sky.js";',
    goes: ['export type Weather = "sun";'],
    comes: [
      'export type Weather = "sun" | "rain" | "frogs";',
      "",
      "/** It rains one day in four, and frogs once in a game. */",
      "export function nextWeather(chance: Chance, hadFrogs: boolean): Weather {",
      '  if (!hadFrogs && chance() < 0.02) return "frogs";',
      '  return chance() < 0.25 ? "rain" : "sun";',
      "}",
    ],
  },
};

const GENERAL: Change = {
  path: "src/menu/pause.ts",
  around: "export class PauseMenu extends Menu {",
  goes: ['  readonly items = ["quit"];'],
  comes: ['  readonly items = ["resume", "options", "quit"];'],
};

/** What happens to some of a game's tickets, as scripts for the embedded backend: one asks for leave, one lets choose, one wants words. */
export function tasksThatAsk(tickets: readonly TicketText[], chance: Chance): readonly Script[] {
  const alone = tickets.filter(({ size }) => size === "solo");
  return shuffled(alone, chance)
    .slice(0, Math.ceil(alone.length / ONE_IN))
    .map((ticket, place) => {
      const change = BY_KIND[ticket.kind] ?? GENERAL;
      return { ...workOn(ticket, change), asks: questionOf(place, change) };
    });
}

function workOn({ prompt, title }: TicketText, change: Change): Script {
  return {
    name: title,
    prompt,
    takes: 8,
    states: ["thinking", "coding", "speaking"],
    says: ["Reads what is there", `Works on ${change.path}`, "Tells what was done"],
    output: [`Read ${change.path}`, `Changed ${change.path}`, "All tests pass."],
    changes: { diff: diffOf(change) },
    usage: { input_tokens: 4_200, output_tokens: 900, cost_usd: 0.03, model: "example" },
  };
}

function questionOf(place: number, change: Change): NonNullable<Script["asks"]> {
  const { path } = change;
  switch (place % ONE_IN) {
    case 0:
      return {
        kind: "permission",
        text: `May I write ${path}?`,
        options: [
          { id: "allow", label: "Go ahead", hint: "You look at it when it is done." },
          { id: "deny", label: "Leave it alone", hint: "The work ends here." },
        ],
        about: { tool: "edit", title: "Write a file", path, diff: diffOf(change) },
        seconds: OPEN_SECONDS,
        answers: { deny: { fails: { code: "not_allowed", message: `You did not want ${path} written.` } } },
        unanswered: { fails: { code: "no_answer", message: `Nobody said whether to write ${path}.` } },
      };
    case 1:
      return {
        kind: "choice",
        text: "How thorough shall it be?",
        options: [
          { id: "quick", label: "Quick", hint: "Done in a moment." },
          { id: "thorough", label: "Thorough", hint: "Takes longer, and every test is run." },
        ],
        about: { tool: "execute", title: "Run the tests", command: "npm test -- --run levels" },
        seconds: OPEN_SECONDS,
        answers: { quick: { takes: 4 }, thorough: { takes: 12 } },
      };
    default:
      return {
        kind: "text",
        text: "What shall it be called on the screen?",
        seconds: OPEN_SECONDS,
      };
  }
}

function diffOf({ path, around, goes, comes }: Change): string {
  const [before, after] = [goes.length + 1, comes.length + 1];
  return [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${before} +1,${after} @@`,
    ` ${around}`,
    ...goes.map((line) => `-${line}`),
    ...comes.map((line) => `+${line}`),
    "",
  ].join("\n");
}
