import { shuffled } from "../world/random.js";
import type { Chance } from "../world/random.js";

/** Work that the studio has to do before the launch. */
export interface TicketText {
  readonly id: string;
  readonly title: string;
  /** What the agent is told. */
  readonly prompt: string;
  /** The kind of work, as the contract names it. */
  readonly kind: string;
  /** Alone at a desk, or three together at the table. */
  readonly size: "solo" | "team";
}

type Line = readonly [kind: string, title: string, prompt: string];

const SOLO: readonly Line[] = [
  [
    "debugging",
    "The hero falls through the floor",
    "Find out why the hero falls through the floor after a double jump, and fix it",
  ],
  ["debugging", "The boss never wakes up", "The boss of level three sleeps through the fight: find out why"],
  ["refactoring", "Untangle the inventory", "Split the inventory into files with one idea each"],
  ["optimization", "Forty slimes, ten frames", "Make the game run smoothly with forty slimes on the screen"],
  ["feature_development", "A pause menu", "Add a pause menu with resume, options and quit"],
  ["feature_development", "Photo mode", "Add a photo mode with a free camera"],
  ["code_generation", "Weather", "Generate a weather system: sun, rain, and frogs"],
  ["system_design", "Plan the save format", "Design a save format that survives updates"],
  ["explanation", "How does the AI patrol?", "Explain to the level designers how enemies patrol"],
  ["code_review", "Review the shop", "Review the code of the shop before it goes live"],
  ["documentation", "Write the modding guide", "Write a guide for people who make mods"],
  ["teaching", "Shaders for artists", "Teach the artists how the water shader works"],
];

const TEAM: readonly Line[] = [
  ["feature_development", "Local multiplayer", "Add local multiplayer for four players on one screen"],
  ["feature_development", "The final boss", "Build the fight with the final boss, in three phases"],
  ["feature_development", "The level editor", "Build a level editor that players can share levels with"],
];

/** Tickets that one agent can do. */
export const SOLO_TICKETS = 7;

/** The tickets of one game: some of all, one of them for a team. */
export function dealTickets(chance: Chance): TicketText[] {
  const deal = (lines: readonly Line[], count: number, size: "solo" | "team"): TicketText[] =>
    shuffled(lines, chance)
      .slice(0, count)
      .map(([kind, title, prompt], place) => ({ id: `${size}-${place + 1}`, title, prompt, kind, size }));
  return [...deal(SOLO, SOLO_TICKETS, "solo"), ...deal(TEAM, 1, "team")];
}

/** The capabilities that are good for a kind of work; the kind's own name is one. */
const ALSO_GOOD: Readonly<Record<string, readonly string[]>> = {
  documentation: ["explanation"],
  teaching: ["explanation"],
  feature_development: ["code_generation"],
};

/** Whether somebody with these capabilities is good at a kind of work. */
export function isGoodAt(capabilities: readonly string[], kind: string): boolean {
  return [kind, ...(ALSO_GOOD[kind] ?? [])].some((one) => capabilities.includes(one));
}

/** A name of the contract as people write it: `code_review` is "code review". */
export function inWords(name: string): string {
  return name.replaceAll("_", " ");
}
