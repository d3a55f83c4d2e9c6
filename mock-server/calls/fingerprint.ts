import { mix } from "../domain/random.js";

/** Texts up to this long are compared as they are; longer ones by their length and a hash, so that records stay small. */
const PLAIN_MAX = 128;

/**
 * What makes two keyed requests the same, in a short text. The order of an object's fields does not count, so a body
 * built anew for a retry is the same body.
 */
export function fingerprintOf(value: unknown): string {
  const text = written(value);
  if (text.length <= PLAIN_MAX) return text;
  return `${text.length}:${hashOf(text)}`;
}

/** Two hashes of 32 bits in one pass, after bryc's cyrb53: a long prompt is gone through once and quickly. Not for secrets. */
function hashOf(text: string): string {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x9e3779b1);
    other = Math.imul(other ^ unit, 0x5f356495);
  }
  return `${mix(one ^ (other >>> 13))}:${mix(other ^ (one >>> 13))}`;
}

/** The value as JSON with its fields in order; written by hand, since a replacer builds each object anew. */
function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${written(part)}`).join(",")}}`;
}
