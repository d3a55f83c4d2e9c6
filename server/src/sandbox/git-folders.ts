import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Repositories that one borrows objects from, one after the other, at the most. */
const LENDERS_MAX = 10;

/**
 * What of git a program needs to look at in a folder, and must not write: the `.git` in it or above it, where that leads, the repository
 * whose worktree it is, and those that this one borrows from. None where there is no git.
 *
 * @param home Above it nothing is looked for: what a person keeps of their home is nobody's business.
 */
export function gitFolders(directory: string, home: string): readonly string[] {
  const dotGit = nearest(directory, home);
  if (dotGit === null) return [];
  const line = textOf(dotGit);
  const gitDir = line === null ? dotGit : resolve(dirname(dotGit), line.replace(/^gitdir:\s*/, ""));
  const common = resolve(gitDir, textOf(join(gitDir, "commondir")) ?? ".");
  // An agent that worked here before may have made the `.git` itself, and led it to what it wants to see.
  if (!isThere(join(gitDir, "HEAD")) || !isRepository(common)) return [dotGit];
  return [...new Set([dotGit, gitDir, common, ...lendersOf(common)])];
}

function isRepository(folder: string): boolean {
  return isThere(join(folder, "HEAD")) && isThere(join(folder, "objects"));
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function nearest(directory: string, home: string): string | null {
  for (let folder = directory; folder !== home; folder = dirname(folder)) {
    const dotGit = join(folder, ".git");
    if (isThere(dotGit)) return dotGit;
    if (folder === dirname(folder)) break;
  }
  return null;
}

function lendersOf(common: string): readonly string[] {
  const found: string[] = [];
  const open = [join(common, "objects")];
  for (let objects = open.shift(); objects !== undefined; objects = open.shift()) {
    const from = objects;
    const lines = textOf(join(objects, "info", "alternates"))?.split("\n") ?? [];
    const lenders = lines.filter((line) => line !== "" && !line.startsWith("#"));
    for (const lender of lenders.map((line) => resolve(from, line))) {
      if (found.includes(lender) || found.length >= LENDERS_MAX || !isRepository(dirname(lender))) continue;
      found.push(lender);
      open.push(lender);
    }
  }
  return found;
}

/** A small file without the end of its last line; null where there is none. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    return null;
  }
}
