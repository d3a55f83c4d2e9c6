/** A value in a text that is JSON, and where it stands. */
export interface JsonNode {
  readonly kind: "object" | "array" | "other";
  /** From the first character up to, but without, the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Members of an object, or items of an array. */
  readonly items: readonly JsonItem[];
}

/** A member or an item: from its key, or its value, to the end of its value. */
export interface JsonItem {
  /** The key as it is meant; an item of an array has none. */
  readonly key: string | null;
  readonly start: number;
  readonly value: JsonNode;
}

/** How deep values may stand in each other. */
const DEPTH_MAX = 200;

/**
 * Finds the places of values in a text, so that some of it can be changed and the rest stays as it was written.
 *
 * @param text Valid JSON.
 * @throws RangeError for one that is too deep.
 */
export function placesIn(text: string): JsonNode {
  let at = 0;
  const skip = (): void => {
    while (/\s/.test(text.charAt(at))) at += 1;
  };
  const string = (): string => {
    const start = at;
    for (at += 1; text.charAt(at) !== '"'; at += 1) if (text.charAt(at) === "\\") at += 1;
    at += 1;
    return String(JSON.parse(text.slice(start, at)));
  };
  const value = (depth: number): JsonNode => {
    if (depth > DEPTH_MAX) throw new RangeError(`Values stand in each other more than ${DEPTH_MAX} deep.`);
    const start = at;
    const first = text.charAt(at);
    if (first === '"') {
      string();
      return { kind: "other", start, end: at, items: [] };
    }
    if (first !== "{" && first !== "[") {
      while (/[^\s,\]}]/.test(text.charAt(at))) at += 1;
      return { kind: "other", start, end: at, items: [] };
    }
    const items: JsonItem[] = [];
    at += 1;
    for (;;) {
      skip();
      if (text.charAt(at) === "}" || text.charAt(at) === "]") break;
      if (text.charAt(at) === ",") {
        at += 1;
        continue;
      }
      const from = at;
      let key: string | null = null;
      if (first === "{") {
        key = string();
        skip();
        at += 1;
        skip();
      }
      items.push({ key, start: from, value: value(depth + 1) });
    }
    at += 1;
    return { kind: first === "{" ? "object" : "array", start, end: at, items };
  };
  skip();
  return value(0);
}

/** The text with one item more, at the beginning of an object or array. */
export function withItem(text: string, node: JsonNode, item: string, indent: string, outer: string): string {
  const after = node.start + 1;
  const tail = node.items.length > 0 ? "," : `\n${outer}`;
  return `${text.slice(0, after)}\n${indent}${item}${tail}${text.slice(after)}`;
}

/** The text without an item, and without what was written around it when it was put in. */
export function withoutItem(text: string, node: JsonNode, place: number, outer: string): string {
  const item = node.items[place];
  if (item === undefined) return text;
  const before = node.items[place - 1];
  const next = node.items[place + 1];
  if (before) return text.slice(0, before.value.end) + text.slice(item.value.end);
  const from = node.start + 1;
  if (next) {
    const comma = text.indexOf(",", item.value.end);
    return text.slice(0, from) + text.slice(comma + 1);
  }
  // Alone it stands on a line of its own, and what was there before comes after that.
  const after = text.slice(item.value.end, node.end - 1);
  const tail = after.startsWith(`\n${outer}`) ? `\n${outer}` : (/^\s*/.exec(after)?.[0] ?? "");
  return text.slice(0, from) + text.slice(item.value.end + tail.length);
}
