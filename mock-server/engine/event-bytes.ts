import type { AnyEvent } from "../../src/contract/index.js";

/** Bytes of an event's row in a ring: where it is, and what a move is as numbers. */
export const ROW_BYTES = 64;

/** Bytes of an object or a list without what is in it, and of anything that is neither nor a text. */
const OBJECT_BYTES = 48;
const VALUE_BYTES = 16;

/** About how many bytes an event holds in memory, rather too many: texts that several events share count for each. */
export function bytesOf(event: AnyEvent): number {
  return event.type === "agent.moved" ? ROW_BYTES : ROW_BYTES + 3 * OBJECT_BYTES + bytesOfValue(event.data);
}

function bytesOfValue(value: unknown): number {
  if (typeof value === "string") return VALUE_BYTES + 2 * value.length;
  if (typeof value !== "object" || value === null) return VALUE_BYTES;
  let bytes = OBJECT_BYTES;
  for (const inner of Object.values(value)) bytes += VALUE_BYTES + bytesOfValue(inner);
  return bytes;
}
