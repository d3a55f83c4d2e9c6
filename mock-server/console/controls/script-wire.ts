import type { ListedScript } from "../../work/scripts/script.js";
import type { WrittenScript } from "./controls.js";

/** A script as the console tells it: JSON, in which a pattern is written between strokes. */
export function writtenScript({ script, ...use }: ListedScript): WrittenScript {
  const { prompt, ...rest } = script;
  const written = prompt instanceof RegExp ? String(prompt) : prompt;
  return { ...use, script: { ...(written !== undefined && { prompt: written }), ...rest } };
}
