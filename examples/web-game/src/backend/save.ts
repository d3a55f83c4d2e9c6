import type { SavedSprint, Ticket, TicketState } from "../play/sprint.js";

/** A game as it is kept: the backend's snapshot, and the sprint beside it. */
export interface SavedGame {
  readonly seed: number;
  readonly gameId: string;
  readonly sprint: SavedSprint;
  /** What the backend gave; it checks it itself when it is made from it. */
  readonly snapshot: unknown;
}

/** What was kept, read again; or why it cannot be. */
export type Reading =
  | { readonly kind: "none" }
  | { readonly kind: "game"; readonly game: SavedGame }
  | { readonly kind: "broken"; readonly problem: string };

/** Grows when what is kept changes its form. */
const VERSION = 2;

/** A saved game as text. */
export function writeGame(game: SavedGame): string {
  return JSON.stringify({ version: VERSION, ...game });
}

/** Reads a saved game. It never throws: a text that is none is told of in words for the player. */
export function readGame(text: string | null): Reading {
  if (text === null) return { kind: "none" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken("it was cut short, or is not a saved game");
  }
  if (!isRecord(value) || typeof value["version"] !== "number") return broken("it is not one of this game");
  if (value["version"] > VERSION) return broken("a newer version of this game has saved it");
  const { seed, gameId, sprint, snapshot } = value;
  if (typeof seed !== "number" || typeof gameId !== "string" || !isSprint(sprint)) {
    return broken("a part of it is missing");
  }
  return { kind: "game", game: { seed, gameId, sprint, snapshot } };
}

function broken(why: string): Reading {
  return { kind: "broken", problem: `The saved game cannot be used: ${why}. A new game can be played.` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isSprint(value: unknown): value is SavedSprint {
  if (!isRecord(value) || typeof value["seconds"] !== "number") return false;
  if (typeof value["chores"] !== "number") return false;
  const { tickets } = value;
  return Array.isArray(tickets) && tickets.length > 0 && tickets.every(isTicket);
}

function isTicket(value: unknown): value is Ticket {
  if (!isRecord(value) || !isState(value["state"])) return false;
  const { id, title, prompt, kind, size, failures, isFit } = value;
  if (![id, title, prompt, kind].every((one) => typeof one === "string")) return false;
  return (size === "solo" || size === "team") && typeof failures === "number" && typeof isFit === "boolean";
}

function isState(value: unknown): value is TicketState {
  if (!isRecord(value)) return false;
  if (value["status"] === "open") return true;
  if (value["status"] === "done") return isTexts(value["who"]);
  const hasTasks = value["status"] === "working" || value["status"] === "review";
  return hasTasks && isTexts(value["who"]) && isTexts(value["taskIds"]);
}
