import { chmod, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AgentError } from "../agent-error.js";
import type { Git, GitAt } from "./git.js";
import type { Record } from "./records.js";

/** Settings that leave what is kept elsewhere, as by git-lfs, as git holds it: for machines on which that program is not. */
export const NO_FILTERS: readonly string[] = [
  "filter.lfs.required=false",
  "filter.lfs.process=",
  "filter.lfs.smudge=",
  "filter.lfs.clean=",
];

/** The tree without files, as a commit that no repository need have: for tasks in one that has no commits yet. */
const NOTHING: Readonly<globalThis.Record<string, string>> = {
  GIT_AUTHOR_NAME: "agentvm",
  GIT_AUTHOR_EMAIL: "agentvm@localhost",
  GIT_AUTHOR_DATE: "@946684800 +0000",
  GIT_COMMITTER_NAME: "agentvm",
  GIT_COMMITTER_EMAIL: "agentvm@localhost",
  GIT_COMMITTER_DATE: "@946684800 +0000",
};

/** The commit from which work in a repository without commits begins: always the same one. */
export async function nothing(git: Git, at: GitAt): Promise<string> {
  const tree = await git.text(at, ["mktree"]);
  return git.text(at, ["commit-tree", tree], { input: "Begin with nothing\n", environment: NOTHING });
}

/** Makes a worktree with its branch, as yet without files. Gives the folder that git keeps of it. */
export async function addWorktree(git: Git, at: GitAt, record: Record, branch: string): Promise<string> {
  await mkdir(dirname(record.directory), { recursive: true });
  const args = ["worktree", "add", "--quiet", "--no-checkout", "--no-track", "-b", branch];
  await git.call(at, [...args, "--", record.directory, record.start]);
  return git.text({ directory: record.directory }, ["rev-parse", "--path-format=absolute", "--git-dir"]);
}

/**
 * Writes the files of a new worktree. Where the program that keeps large files is not to be had, they stay what git holds of them.
 *
 * @returns Whether that was so.
 */
export async function fillWorktree(
  git: Git,
  directory: string,
  settings: readonly string[],
): Promise<boolean> {
  const args = ["reset", "--hard", "--quiet", "--no-recurse-submodules"];
  try {
    await git.call({ directory, settings }, args, { isLong: true });
    return false;
  } catch (error) {
    if (!(error instanceof AgentError && error.code === "git_failed" && /filter/i.test(error.message)))
      throw error;
    const at: GitAt = { directory, settings: [...settings, ...NO_FILTERS] };
    await git.call(at, args, { isLong: true, environment: { GIT_LFS_SKIP_SMUDGE: "1" } });
    return true;
  }
}

/** Removes a worktree, whatever is in it and whatever its agent has done to it; not its branch. */
export async function removeWorktree(git: Git, at: GitAt, { directory, gitDir }: Record): Promise<void> {
  await removeFolder(directory);
  // Folders of the repository's own that are empty now.
  await rmdir(dirname(directory)).catch(() => undefined);
  if (gitDir === null) await git.call(at, ["worktree", "prune"]);
  else {
    await rm(gitDir, { recursive: true, force: true });
    await rmdir(dirname(gitDir)).catch(() => undefined);
  }
}

/** Deletes a folder; one that may not be written to, as of a program that protects its downloads, is made writable first. */
async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
