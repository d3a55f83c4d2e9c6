import type { AnyEvent } from "../../src/contract/index.js";

/** Bytes of an event's row in a ring, and of the event without its data. */
const ROW_BYTES = 64;

/** Bytes of an object, a list or a text without what is in it, and of each field or item. */
const OBJECT_BYTES = 24;
const VALUE_BYTES = 8;

/** Characters from which on a text may be one of two bytes each; shorter ones are mostly names, of one. */
const LONG_TEXT = 512;

/** About how many bytes an event holds in memory. What several events share counts for each. */
export function bytesOf(event: AnyEvent): number {
  return ROW_BYTES + 4 * OBJECT_BYTES + bytesOfValue(event.data);
}

function bytesOfValue(value: unknown): number {
  if (typeof value === "string") {
    return VALUE_BYTES + OBJECT_BYTES + value.length * (value.length < LONG_TEXT ? 1 : 2);
  }
  if (typeof value !== "object" || value === null) return VALUE_BYTES;
  let bytes = VALUE_BYTES + OBJECT_BYTES;
  for (const inner of Object.values(value)) bytes += bytesOfValue(inner);
  return bytes;
}
