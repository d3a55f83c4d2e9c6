import { chmod, copyFile, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "./files.js";
import type { Git, GitAt } from "./git.js";

/** How deep repositories may lie within one another that an agent has made. */
const NESTED_MAX = 16;

/** A folder whose files become a tree. */
export interface TreeSource {
  readonly directory: string;
  /** The repository that keeps it. */
  readonly gitDir: string;
  /** The index by which git knows what is there already; null where the tree is made from all files. */
  readonly index: string | null;
  /** Our own index, beside the one that belongs to the folder: locks and conflicts in that one stay there. */
  readonly ours: string;
  /** The tree or commit that the folder began with. */
  readonly start: string;
  readonly settings: readonly string[];
}

/**
 * Makes a tree of all that is in a folder and not ignored: with what was not added yet, and what an unfinished merge has left. The
 * folder's own index stays as it is.
 */
export async function treeOf(git: Git, source: TreeSource): Promise<string> {
  const { directory, gitDir, ours, start, settings } = source;
  // Whichever call it is, it may have to read files again, by filters.
  const at: GitAt = { directory, gitDir, index: ours, settings };
  await rm(`${ours}.lock`, { force: true });
  if (source.index === null || !(await copyIndex(source.index, ours))) {
    await rm(ours, { force: true });
    await git.call(at, ["read-tree", start], { isLong: true });
  }
  await takeInNested(git, at);
  await takeInLinked(git, at, start);
  await git.call(at, ["add", "--all", "--sparse", "--", "."], { isLong: true });
  return git.text(at, ["write-tree"], { isLong: true });
}

/**
 * Copies an index, so that git need not read every file again. The copy is as old as the second in which the first was written, so that
 * git looks again at files that were changed within that second: it tells by the index's age that it cannot rely on theirs.
 */
async function copyIndex(from: string, to: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    await chmod(to, 0o600);
    const second = Math.floor(mtimeMs / 1_000);
    await utimes(to, second, second);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/**
 * Repositories that the agent has made within its worktree would be told as one commit each, which nobody else has. Their files are
 * what counts: what makes them repositories is removed.
 */
async function takeInNested(git: Git, at: GitAt): Promise<void> {
  for (let depth = 0; depth < NESTED_MAX; depth += 1) {
    const others = await git.pieces(at, ["ls-files", "-z", "--others", "--exclude-standard"], {
      isLong: true,
    });
    const nested = others.filter((path) => path.endsWith("/"));
    if (nested.length === 0) return;
    await Promise.all(
      nested.map((path) => rm(join(at.directory, path, ".git"), { recursive: true, force: true })),
    );
  }
}

/** The same for those that the agent has added itself, and that are no submodules. */
async function takeInLinked(git: Git, at: GitAt, start: string): Promise<void> {
  const linked = await linksIn(git, at, ["ls-files", "-z", "--stage"]);
  if (linked.length === 0) return;
  const before = new Set(await linksIn(git, at, ["ls-tree", "-r", "-z", start]));
  const modules = await submodulesOf(at.directory);
  const nested = linked.filter((path) => !before.has(path) && !modules.includes(path));
  if (nested.length === 0) return;
  await git.call(at, ["update-index", "-z", "--force-remove", "--stdin"], { input: nested.join("\0") });
  await Promise.all(
    nested.map((path) => rm(join(at.directory, path, ".git"), { recursive: true, force: true })),
  );
  await takeInNested(git, at);
}

/** Paths of commits among files, in what `ls-files --stage` and `ls-tree` say. */
async function linksIn(git: Git, at: GitAt, args: readonly string[]): Promise<string[]> {
  const pieces = await git.pieces(at, args, { isLong: true });
  return pieces
    .filter((piece) => piece.startsWith("160000 "))
    .map((piece) => piece.slice(piece.indexOf("\t") + 1));
}

/** Paths that `.gitmodules` names. */
async function submodulesOf(directory: string): Promise<string[]> {
  try {
    const text = await readFile(join(directory, ".gitmodules"), "utf8");
    return [...text.matchAll(/^\s*path\s*=\s*"?(.*?)"?\s*$/gm)].map((match) => match[1] ?? "");
  } catch {
    // There is none, or it is no file.
    return [];
  }
}
