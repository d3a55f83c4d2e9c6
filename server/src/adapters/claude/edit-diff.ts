import { lstat, readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { pathIn, textIn } from "./tools.js";
import type { ToolInput } from "./tools.js";

/** Characters of a diff that is shown with a question. */
const DIFF_MAX = 32_000;

/** Bytes of a file up to which a change is shown in its place. */
const FILE_MAX = 1_048_576;

/** Lines that are shown before and after a change. */
const CONTEXT = 3;

/**
 * What an edit would change, as a unified diff; null for other tools. Claude tells the pieces of text alone: they are shown as the lines
 * of their file in which they are. Where it cannot be looked at, the pieces stand as they are.
 */
export async function editDiff(name: string, input: ToolInput, directory: string): Promise<string | null> {
  const path = pathIn(input);
  if (path === null || (name !== "Edit" && name !== "Write")) return null;
  const inside = insideOf(path, directory);
  const before = inside === null ? null : await textOf(resolve(directory, inside));
  const shown = inside ?? path;
  const written = textIn(input, "content") ?? "";
  if (name === "Write") return diff(shown, before, written);
  const [old, fresh] = [textIn(input, "old_string") ?? "", textIn(input, "new_string") ?? ""];
  if (before === null || old === "" || !before.includes(old)) return diff(shown, old, fresh);
  const after = input["replace_all"] === true ? before.split(old).join(fresh) : replaced(before, old, fresh);
  return diff(shown, before, after);
}

/** Not by `String.replace`, in which some signs of the new text have a meaning of their own. */
function replaced(text: string, old: string, fresh: string): string {
  const at = text.indexOf(old);
  return text.slice(0, at) + fresh + text.slice(at + old.length);
}

/** The path from the worktree on; null for one that leads out of it. */
function insideOf(path: string, directory: string): string | null {
  const inside = relative(directory, resolve(directory, path));
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? null : inside;
}

/** What stands in a file now; null where it is none, or more than one would look through. */
async function textOf(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.size <= FILE_MAX ? await readFile(path, "utf8") : null;
  } catch {
    return null;
  }
}

/** One hunk from the first line that differs to the last one. */
function diff(path: string, before: string | null, after: string): string {
  const [old, fresh] = [linesOf(before ?? ""), linesOf(after)];
  const shorter = Math.min(old.length, fresh.length);
  let same = 0;
  while (same < shorter && old[same] === fresh[same]) same += 1;
  let end = 0;
  while (end < shorter - same && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  const from = Math.max(0, same - CONTEXT);
  const left = Math.min(end, CONTEXT);
  const lines = [
    ...old.slice(from, same).map((line) => ` ${line}`),
    ...old.slice(same, old.length - end).map((line) => `-${line}`),
    ...fresh.slice(same, fresh.length - end).map((line) => `+${line}`),
    ...old.slice(old.length - end, old.length - end + left).map((line) => ` ${line}`),
  ];
  const [removed, added] = [old.length - end + left - from, fresh.length - end + left - from];
  const place = (count: number): string => `${count === 0 ? from : from + 1},${count}`;
  const head = [`--- ${before === null ? "/dev/null" : `a/${path}`}`, `+++ b/${path}`];
  return `${[...head, `@@ -${place(removed)} +${place(added)} @@`, ...lines].join("\n")}\n`.slice(
    0,
    DIFF_MAX,
  );
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
