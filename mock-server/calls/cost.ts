import { BODY_VALUES_MAX } from "../../src/contract/limits.js";
import { countValues } from "../domain/index.js";

/** Characters of JSON, and values in it, for which a call counts as one request more: reading them takes as long as a small call does. */
const REQUEST_CHARACTERS = 65_536;
const REQUEST_VALUES = 4_000;

/** How many requests a call counts as beyond one, by what it brings along. */
export function costOf(json: string): number {
  // Nearly all bodies are small, and no value is shorter than a character.
  if (json.length <= REQUEST_VALUES) return 0;
  const values = countValues(json, BODY_VALUES_MAX);
  return Math.floor(Math.max(json.length / REQUEST_CHARACTERS, values / REQUEST_VALUES));
}
