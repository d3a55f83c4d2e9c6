import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "oligarchy-agentvm";
import { AgentError } from "../agent-error.js";
import { commitTree, personOf } from "./commit.js";
import { differenceOf } from "./changes.js";
import { thisProcess } from "./owner.js";
import { nameOf } from "./records.js";
import type { Record } from "./records.js";
import { commitOf, someBranches, unknownBase } from "./repository.js";
import { branchOf, dropBranch, isIn, moveBranch, requireRepository, tipOf } from "./shop.js";
import type { Shop } from "./shop.js";
import { keepSubmodules } from "./submodules.js";
import { treeOf } from "./tree.js";
import type { Place, PlaceChanges } from "./workspace.js";
import { addWorktree, fillWorktree, NO_FILTERS, nothing, removeWorktree } from "./worktree.js";

/** Names that one task may have used up, by attempts whose work is still there. */
const NAMES_MAX = 1_000;

/** Makes the place for a task. */
export async function openPlace(shop: Shop, task: Task): Promise<Place> {
  await requireRepository(shop);
  const record = await shop.lock.run(() => makePlace(shop, task));
  try {
    const withoutFilters = await fillWorktree(shop.git, record.directory, shop.repository.settings);
    const filled = { ...record, withoutFilters };
    if (withoutFilters) await shop.records.write(filled);
    return new WorktreePlace(shop, filled);
  } catch (error) {
    await shop.lock.run(() => forget(shop, record)).catch(() => undefined);
    throw error;
  }
}

async function makePlace(shop: Shop, task: Task): Promise<Record> {
  const { git, store, records, repository, clock } = shop;
  const before = task.continues === null ? null : await lastOf(shop, task.continues);
  const name = await freeName(shop, task.id);
  const from = await commitOf(git, store, repository.base);
  if (from === null && !(await isUnborn(shop))) {
    throw unknownBase(repository.root, repository.base, await someBranches(git, store));
  }
  const record: Record = {
    name,
    task: task.id,
    base: before?.record.base ?? repository.base,
    from: before?.record.from ?? from,
    start: before?.tip ?? from ?? (await nothing(git, store)),
    directory: before?.directory ?? join(shop.worktrees, name),
    gitDir: null,
    owner: thisProcess(),
    state: "open",
    commit: null,
    at: clock.now(),
    withoutFilters: false,
  };
  // Before the worktree, so that what a killed worker leaves is known of.
  await records.write(record);
  try {
    const gitDir = await addWorktree(git, store, record, branchOf(record));
    const made = { ...record, gitDir };
    await records.write(made);
    return made;
  } catch (error) {
    await forget(shop, record).catch(() => undefined);
    throw error;
  }
}

/** Whether the base is a branch that has no commits yet, and not one that somebody has deleted. */
async function isUnborn({ git, repository }: Shop): Promise<boolean> {
  const at = { directory: repository.root };
  const { output } = await git.call(at, ["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] });
  return output.toString("utf8").trim() === `refs/heads/${repository.base}`;
}

/** What a task has left that another one goes on with; null where that was reviewed, and is in the base or gone. */
async function lastOf(
  shop: Shop,
  task: string,
): Promise<{ record: Record; tip: string; directory: string | null } | null> {
  const kept = (await shop.records.ofTask(task)).filter(({ state }) => state === "kept");
  for (const record of kept.reverse()) {
    const tip = await tipOf(shop, record);
    // The same folder as before, where it is free: some agents know a conversation by the folder that it was in.
    if (tip !== null)
      return { record, tip, directory: (await isThere(record.directory)) ? null : record.directory };
  }
  return null;
}

/** A name that no earlier attempt has: what those have left is theirs until somebody has reviewed it. */
async function freeName(shop: Shop, task: string): Promise<string> {
  const taken = new Set((await shop.records.ofTask(task)).map(({ name }) => name));
  for (let number = 1; number <= NAMES_MAX; number += 1) {
    const name = nameOf(task, number);
    const isTaken =
      taken.has(name) ||
      (await commitOf(shop.git, shop.store, `agentvm/${name}`)) !== null ||
      (await isThere(join(shop.worktrees, name)));
    if (!isTaken) return name;
  }
  throw new AgentError(`Task ${task} has ${NAMES_MAX} branches in ${shop.repository.root} already.`, {
    code: "too_many_branches",
    remediation: "Review them, or delete them: git branch --list 'agentvm/*'.",
  });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Removes all that there is of a place. */
async function forget(shop: Shop, record: Record): Promise<void> {
  await removeWorktree(shop.git, shop.store, record);
  if (await dropBranch(shop, record)) await shop.records.remove(record.name);
}

class WorktreePlace implements Place {
  readonly directory: string;
  readonly branch: string;
  readonly #shop: Shop;
  readonly #record: Record;
  #isOver = false;

  constructor(shop: Shop, record: Record) {
    this.#shop = shop;
    this.#record = record;
    this.directory = record.directory;
    this.branch = branchOf(record);
  }

  async commit(message: string, author: string): Promise<PlaceChanges | null> {
    if (this.#isOver) throw new Error(`The place of task ${this.#record.task} is closed already.`);
    // Where it fails the place is there still: what was done is not lost, and it can be tried again.
    const changes = await keepPlace(this.#shop, this.#record, message, author);
    this.#isOver = true;
    return changes;
  }

  async remove(): Promise<void> {
    if (this.#isOver) return;
    await this.#shop.lock.run(() => forget(this.#shop, this.#record));
    this.#isOver = true;
  }
}

/**
 * Commits what there is in a worktree to its branch, and removes the worktree. Where nothing has changed, the branch and all that is known
 * of it goes too, and null is given.
 */
export async function keepPlace(
  shop: Shop,
  record: Record,
  message: string,
  author: string,
): Promise<PlaceChanges | null> {
  const { git, store, records, clock } = shop;
  await requireRepository(shop);
  const result = await resultOf(shop, record, message, author);
  const changes = await changesOf(shop, record, result);
  return shop.lock.run(async () => {
    if (changes === null) {
      await forget(shop, record);
      return null;
    }
    const branch = branchOf(record);
    for (;;) {
      if (await moveBranch(shop, branch, result, await commitOf(git, store, branch), "agentvm: work is done"))
        break;
    }
    const kept: Record = { ...record, owner: null, state: "kept", commit: result, at: clock.now() };
    await records.write(kept);
    await removeWorktree(git, store, kept);
    return { branch, base: record.base, commit: result, ...changes };
  });
}

/** The commit that has all that is in the worktree, on top of what its agent has committed itself. */
async function resultOf(shop: Shop, record: Record, message: string, author: string): Promise<string> {
  const { git, store } = shop;
  const tip = (await tipOf(shop, record)) ?? record.start;
  if (record.gitDir === null || !(await isThere(record.directory))) return tip;
  const hasGitDir = await isThere(join(record.gitDir, "HEAD"));
  const gitDir = hasGitDir ? record.gitDir : (store.gitDir ?? record.gitDir);
  const head = hasGitDir ? ((await git.find({ ...store, gitDir }, "HEAD^{commit}")) ?? tip) : tip;
  const tree = await treeOf(git, {
    directory: record.directory,
    gitDir,
    index: hasGitDir ? join(gitDir, "index") : null,
    ours: join(hasGitDir ? gitDir : shop.worktrees, `${record.name}.index`),
    start: head,
    settings: [...shop.repository.settings, ...(record.withoutFilters ? NO_FILTERS : [])],
  });
  const common = shop.repository.common;
  await keepSubmodules(git, {
    directory: record.directory,
    common,
    from: record.start,
    to: tree,
    name: record.name,
  });
  // Who has reset its branch to something else wants these files, and not to have taken back what came before.
  const parent = (await isIn(shop, record.start, head)) ? head : record.start;
  const merged = hasGitDir ? await mergedIn(shop, gitDir, parent) : [];
  if (merged.length === 0 && tree === (await treeOfCommit(shop, parent))) return parent;
  return commitTree(git, store, { tree, parents: [parent, ...merged], message, by: personOf(author) });
}

/** Commits that the agent was merging in, where it had solved all conflicts. */
async function mergedIn(shop: Shop, gitDir: string, parent: string): Promise<string[]> {
  const { git, store } = shop;
  const merged = await git.find({ ...store, gitDir }, "MERGE_HEAD^{commit}");
  if (merged === null || (await isIn(shop, merged, parent))) return [];
  const at = { ...store, gitDir };
  return (await git.pieces(at, ["ls-files", "-z", "--unmerged"])).length === 0 ? [merged] : [];
}

async function treeOfCommit({ git, store }: Shop, commit: string): Promise<string> {
  return git.text(store, ["rev-parse", `${commit}^{tree}`]);
}

/** What there is to review in a commit: what would come into the base with it. */
async function changesOf(
  shop: Shop,
  record: Record,
  result: string,
): Promise<Omit<PlaceChanges, "branch" | "base" | "commit"> | null> {
  const { git, store } = shop;
  const [before, after] = await Promise.all([treeOfCommit(shop, record.start), treeOfCommit(shop, result)]);
  if (before === after) return null;
  return differenceOf(git, store, await forkOf(shop, record, result), result);
}

/** The commit of the base that a result stands on: a newer one than that of its beginning, where its agent has taken that in. */
async function forkOf(shop: Shop, record: Record, result: string): Promise<string> {
  const { git, store } = shop;
  if (record.from === null) return nothing(git, store);
  const base = await commitOf(git, store, record.base);
  if (base === null) return record.from;
  const { code, output } = await git.call(store, ["merge-base", base, result], { codes: [0, 1] });
  const common = output.toString("utf8").trim();
  return code === 0 && (await isIn(shop, record.from, common)) ? common : record.from;
}
