import { invalidRequest } from "./input.js";

/** A request line's target, taken apart. */
export interface Target {
  readonly path: string;
  /** The part after `?`; undefined where there is none. */
  readonly query: string | undefined;
}

/** Takes path and query apart. */
export function splitTarget(target: string): Target {
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: undefined };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/**
 * The query's values by name.
 *
 * @throws EngineError `invalid_request` for a name that is given twice and for broken escapes.
 */
export function parseQuery(query: string | undefined): Record<string, string> | undefined {
  if (query === undefined || query === "") return undefined;
  const values = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const mark = pair.indexOf("=");
    const name = decoded(mark === -1 ? pair : pair.slice(0, mark));
    const value = mark === -1 ? "" : decoded(pair.slice(mark + 1));
    if (values.has(name)) {
      throw invalidRequest([{ loc: ["query", name], msg: "is given more than once", type: "duplicate" }]);
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function decoded(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalidRequest([{ loc: ["query"], msg: "has a broken % escape", type: "invalid_format" }]);
  }
}
