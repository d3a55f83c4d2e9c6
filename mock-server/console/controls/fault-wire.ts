import type { Fault } from "../../testing/faults/fault.js";

/** The fields of faults that have another name on the wire, where all names are `snake_case`. */
const NAMES = [
  ["retryAfter", "retry_after"],
  ["closeCode", "close_code"],
] as const;

/** A fault as the console's calls tell it. */
export function faultToWire(fault: Fault): Record<string, unknown> {
  return renamed({ ...fault }, 0, 1);
}

/** The same from there; what it holds is looked at where it is added. */
export function faultOfWire(fields: Readonly<Record<string, unknown>>): Fault {
  return renamed(fields, 1, 0);
}

/** What is said of a fault's fields, by their names on the wire. */
export function wordsForWire(text: string): string {
  return NAMES.reduce((said, [here, there]) => said.replaceAll(here, there), text);
}

function renamed(fields: Readonly<Record<string, unknown>>, from: 0 | 1, to: 0 | 1): Record<string, unknown> {
  const names = new Map<string, string>(NAMES.map((pair) => [pair[from], pair[to]]));
  return Object.fromEntries(
    Object.entries(fields)
      // A name of the other side is none here, and is told as not known.
      .map(([name, value]) => [names.get(name) ?? name, value]),
  );
}
