import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentError } from "../agent-error.js";
import { hasCode } from "./files.js";
import { nothing } from "./worktree.js";
import { checkoutsOf } from "./shop.js";
import type { Checkout, Shop } from "./shop.js";

/** Where git keeps which branch is being rebased, in its folder of a checkout. */
const REBASED = [join("rebase-merge", "head-name"), join("rebase-apply", "head-name")];

/** What git keeps while a person is in the middle of something that a moved branch would disturb. */
const UNDER_WAY = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"];

/**
 * @throws AgentError when a person is in the middle of something with this branch: a rebase, which would not find it where it was, or a
 * merge, which would not be concluded.
 */
export async function requireQuiet(shop: Shop, branch: string): Promise<void> {
  for (const checkout of await checkoutsOf(shop)) {
    if (checkout.isBare || checkout.isGone) continue;
    const gitDir = await shop.git.text({ directory: checkout.directory }, [
      "rev-parse",
      "--path-format=absolute",
      "--git-dir",
    ]);
    for (const file of REBASED) {
      if ((await textOf(join(gitDir, file)))?.trim() !== `refs/heads/${branch}`) continue;
      throw busy(checkout, branch, "is being rebased", "git rebase --continue, or --abort");
    }
    if (checkout.branch !== branch) continue;
    for (const file of UNDER_WAY) {
      if ((await textOf(join(gitDir, file))) === null) continue;
      throw busy(checkout, branch, "has a merge that is not concluded", "git commit, or git merge --abort");
    }
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

function busy({ directory }: Checkout, branch: string, what: string, how: string): AgentError {
  return new AgentError(
    `The branch ${branch} ${what} in ${directory}, so nothing can be taken into it now.`,
    {
      code: "checkout_busy",
      remediation: `Bring that to its end (${how}), and accept again.`,
    },
  );
}

/**
 * The files of a checkout that stand against a change of its branch: a person has changed them and not committed, or has others in their
 * place.
 */
export async function inTheWay(
  shop: Shop,
  directory: string,
  from: string | null,
  to: string,
): Promise<readonly string[]> {
  const { git } = shop;
  const at = { directory };
  const before = from ?? (await nothing(git, shop.store));
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-status", before, to, "--"];
  const pieces = await git.pieces(at, args, { isLong: true });
  const changed = new Map<string, string>();
  for (let place = 0; place + 1 < pieces.length; place += 2)
    changed.set(pieces[place + 1] ?? "", pieces[place] ?? "");

  const dirty = await dirtyIn(shop, directory, before);
  const tracked = new Set(await git.pieces(at, ["ls-files", "-z"], { isLong: true }));
  const leaving = new Set(
    [...changed].filter(([, status]) => status === "D").map(([path]) => path.toLowerCase()),
  );
  const found = new Set<string>();
  for (const [path, status] of changed) {
    if (dirty.some((other) => other === path || isWithin(other, path) || isWithin(path, other)))
      found.add(path);
    else if (status === "A" && (await isTaken(directory, path, leaving, tracked))) found.add(path);
  }
  return [...found];
}

/** Files that are not as the last commit has them, in the index or in the folder. */
async function dirtyIn({ git }: Shop, directory: string, before: string): Promise<string[]> {
  const at = { directory };
  const untouched = ["--no-renames", "--no-ext-diff", "--ignore-submodules=dirty", "-z", "--name-only"];
  const staged = await git.pieces(at, ["diff-index", "--cached", ...untouched, before, "--"], {
    isLong: true,
  });
  // `status` looks into files whose times alone have changed, and writes nothing.
  const status = await git.pieces(
    at,
    ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty"],
    { isLong: true },
  );
  return [...new Set([...staged, ...status.map((entry) => entry.slice(3))])];
}

/** Whether something that git does not know of is where a new file is to be, ignored or not. */
async function isTaken(
  directory: string,
  path: string,
  leaving: ReadonlySet<string>,
  tracked: ReadonlySet<string>,
): Promise<boolean> {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const part = parts.slice(0, length).join("/");
    const kind = await kindOf(join(directory, part));
    if (kind === "none") return false;
    if (kind === "folder" && length < parts.length) continue;
    // A file that makes room by the same change, perhaps only to another case of its name, and a folder all of whose files do.
    if (kind === "file") return !(tracked.has(part) || leaving.has(part.toLowerCase()));
    return hasUntracked(directory, part, tracked);
  }
  return false;
}

async function hasUntracked(
  directory: string,
  folder: string,
  tracked: ReadonlySet<string>,
): Promise<boolean> {
  for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() ? await hasUntracked(directory, path, tracked) : !tracked.has(path)) return true;
  }
  return false;
}

async function kindOf(path: string): Promise<"none" | "folder" | "file"> {
  try {
    return (await lstat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return "none";
    throw error;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/**
 * Moves the branch that is checked out, and the files with it, as `git merge --ff-only` does: all of it or nothing, under git's own locks.
 * Gives false where the branch has moved meanwhile.
 */
export async function bringAlong(
  shop: Shop,
  checkouts: readonly Checkout[],
  from: string | null,
  to: string,
): Promise<boolean> {
  const { git } = shop;
  const [first, ...others] = checkouts;
  if (first === undefined) return false;
  const args = ["merge", "--ff-only", "--no-overwrite-ignore", "--no-autostash", "--no-stat", "--quiet"];
  const at = { directory: first.directory };
  try {
    await git.call(at, [...args, to], { isLong: true });
  } catch (error) {
    if ((await git.find(at, "HEAD^{commit}")) !== from) return false;
    throw error;
  }
  for (const { directory } of others) {
    await git.call({ directory }, ["read-tree", "-m", "-u", from ?? (await nothing(git, shop.store)), to], {
      isLong: true,
    });
  }
  return true;
}
