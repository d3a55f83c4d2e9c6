import type { Problem } from "../../../src/contract/schema.js";

/** Something wrong in the text of a script: what, and the characters that it is about. */
export interface TextProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** A text read as JSON, or why it is none. */
export type ReadText =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: TextProblem };

/** Reads a text as JSON. Where the browser says at which character it goes wrong, that is the place; else it is the end. */
export function readText(text: string): ReadText {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(said)?.[1];
    const from = Math.min(at === undefined ? text.length : Number(at), text.length);
    const message = `Line ${lineOf(text, from)}: it is no JSON: ${said.replace(/ in JSON at .*$/, "")}`;
    return { ok: false, problem: { message, from, to: Math.min(from + 1, text.length) } };
  }
}

/** Where in the text of a script something is wrong: at the name of the field, or of the next one above it. */
export function placeProblem(text: string, { loc, msg }: Problem): TextProblem {
  // The first is what the script is called.
  const path = loc.slice(1);
  let [from, to] = [0, 0];
  for (const step of path) {
    if (typeof step === "number") continue;
    const name = JSON.stringify(step);
    const found = text.indexOf(name, to);
    if (found < 0) break;
    [from, to] = [found, found + name.length];
  }
  const field = path.length === 0 ? "The script" : path.join(".");
  return { message: `Line ${lineOf(text, from)}: ${field} ${msg}.`, from, to };
}

function lineOf(text: string, place: number): number {
  return text.slice(0, place).split("\n").length;
}
