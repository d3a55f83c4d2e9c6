import { hashText } from "../engine/random.js";

/** Texts up to this long are compared as they are; longer ones by their length and a hash, so that records stay small. */
const PLAIN_MAX = 128;

/** Seeds of the hash's parts, 32 bits each. */
const SEEDS = [0x2545f491, 0x9e3779b9, 0x7f4a7c15];

/**
 * What makes two keyed requests the same, in a short text. The order of an object's fields does not count, so a body
 * built anew for a retry is the same body.
 */
export function fingerprintOf(value: unknown): string {
  const text = JSON.stringify(value, sorted);
  if (text.length <= PLAIN_MAX) return text;
  return [text.length, ...SEEDS.map((seed) => hashText(text, seed))].join(":");
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
