import { relative } from "node:path";

/** Characters of a title. */
const TITLE_MAX = 200;

/** A text in a line that is not too long. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > TITLE_MAX ? `${line.slice(0, TITLE_MAX - 1)}…` : line;
}

/** A path from a folder on, where it is in there. */
export function shortPath(path: string, directory: string): string {
  const inside = relative(directory, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}
