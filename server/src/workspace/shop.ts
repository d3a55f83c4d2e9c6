import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "oligarchy-agentvm";
import { AgentError } from "../agent-error.js";
import type { Git, GitAt } from "./git.js";
import type { FileLock } from "./lock.js";
import { BRANCHES } from "./records.js";
import type { Record, Records } from "./records.js";
import { commitOf } from "./repository.js";
import type { Repository } from "./repository.js";

/** What all work on one repository has in common. */
export interface Shop {
  readonly git: Git;
  readonly clock: Clock;
  readonly repository: Repository;
  /** The repository itself, without a checkout: for branches and commits, whatever becomes of the folders. */
  readonly store: GitAt;
  readonly records: Records;
  /** Held by whoever makes or removes worktrees, reviews or settles, in any process. */
  readonly lock: FileLock;
  /** The folder in which the worktrees of this repository are. */
  readonly worktrees: string;
  /** Milliseconds after which work that nobody reviewed is deleted. */
  readonly keepMs: number;
}

/** @throws AgentError when the repository is not there any more; nothing is to be made in its place. */
export async function requireRepository({ repository }: Shop): Promise<void> {
  try {
    await access(join(repository.common, "HEAD"));
  } catch (cause) {
    throw new AgentError(`The repository ${repository.root} is not there any more.`, {
      code: "repository_gone",
      remediation: "Was it deleted, moved or unmounted? Bring it back, or name another folder.",
      cause,
    });
  }
}

/** The name of a record's branch. */
export function branchOf({ name }: Record): string {
  return BRANCHES + name;
}

/** The commit that a record's branch is at; null where it is gone. */
export function tipOf({ git, store }: Shop, record: Record): Promise<string | null> {
  return commitOf(git, store, branchOf(record));
}

/** What nobody has: the old value of a branch that is not there. */
const NO_COMMIT = "0".repeat(40);

/** Sets a branch, where it still is what it was; null for none. Gives whether it was. */
export async function moveBranch(
  { git, store }: Shop,
  branch: string,
  to: string | null,
  was: string | null,
  reason: string,
): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  const args =
    to === null
      ? ["update-ref", "-m", reason, "-d", ref, was ?? NO_COMMIT]
      : ["update-ref", "-m", reason, "--create-reflog", ref, to, was ?? NO_COMMIT.padEnd(to.length, "0")];
  if (to === null && was === null) return true;
  const { code } = await git.call(store, args, { codes: [0, 1, 128] });
  if (code === 0) return true;
  const now = await commitOf(git, store, branch);
  if (now === to) return true;
  if (now !== was) return false;
  // It is where it was, and yet it could not be set: that has another reason, which the next call tells.
  await git.call(store, args);
  return true;
}

/** Whether all that a commit holds is in another one already. */
export function isIn({ git, store }: Shop, commit: string, other: string): Promise<boolean> {
  return git.isSo(store, ["merge-base", "--is-ancestor", commit, other]);
}

/** Forgets a branch of ours and deletes it, unless somebody has it checked out. Gives whether it is gone. */
export async function dropBranch(shop: Shop, record: Record): Promise<boolean> {
  const tip = await tipOf(shop, record);
  if (tip === null) return true;
  const places = await checkoutsOf(shop);
  const isLookedAt = places.some(
    ({ branch, directory }) => branch === branchOf(record) && directory !== record.directory,
  );
  if (isLookedAt) return false;
  return moveBranch(shop, branchOf(record), null, tip, "agentvm: reviewed");
}

/** A folder in which files of the repository are checked out. */
export interface Checkout {
  readonly directory: string;
  /** Null where it is on none. */
  readonly branch: string | null;
  /** Its folder is not there any more. */
  readonly isGone: boolean;
  readonly isBare: boolean;
}

/** All checkouts of a repository, the person's own first. */
export async function checkoutsOf({ git, store }: Shop): Promise<Checkout[]> {
  const pieces = await git.pieces(store, ["worktree", "list", "--porcelain", "-z"]);
  const checkouts: Checkout[] = [];
  let lines: string[] = [];
  for (const piece of [...pieces, ""]) {
    if (piece !== "") lines.push(piece);
    else if (lines.length > 0) {
      checkouts.push(checkoutOf(lines));
      lines = [];
    }
  }
  return checkouts;
}

function checkoutOf(lines: readonly string[]): Checkout {
  const valueOf = (key: string): string | null =>
    lines.find((line) => line === key || line.startsWith(`${key} `))?.slice(key.length + 1) ?? null;
  const ref = valueOf("branch");
  return {
    directory: valueOf("worktree") ?? "",
    branch: ref?.startsWith("refs/heads/") === true ? ref.slice("refs/heads/".length) : null,
    isGone: valueOf("prunable") !== null,
    isBare: valueOf("bare") !== null,
  };
}

/** What was to be reviewed is not there any more. */
export function changesGone(task: string, why: string): AgentError {
  return new AgentError(`The changes of task ${task} are not there any more: ${why}.`, {
    code: "changes_gone",
    remediation: "Give the task again; `git reflog` may know what was there.",
  });
}
