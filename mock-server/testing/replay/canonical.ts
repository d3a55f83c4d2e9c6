import { isObject } from "../../../src/contract/is-object.js";

/** Fields that a client makes up anew each time; they say nothing of what it asks for. */
const MADE_UP = new Set(["client_id", "sequence", "idempotency_key"]);

/** A value as text that is the same whatever the order of its fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map(sorted);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([name, part]) => part !== undefined && !MADE_UP.has(name));
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, part]) => [name, sorted(part)]),
  );
}

/** Where two values differ first: `body.prompt`; null where they do not. */
export function differenceOf(asked: unknown, known: unknown, at: string): string | null {
  if (canonical(asked) === canonical(known)) return null;
  if (!isObject(asked) || !isObject(known)) return at;
  for (const name of new Set([...Object.keys(asked), ...Object.keys(known)])) {
    if (MADE_UP.has(name)) continue;
    const found = differenceOf(asked[name], known[name], `${at}.${name.slice(0, 64)}`);
    if (found !== null) return found;
  }
  return at;
}
