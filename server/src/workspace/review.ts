import type { Task } from "oligarchy-agentvm";
import { AgentError } from "../agent-error.js";
import { accept } from "./accept.js";
import { fateOf } from "./owner.js";
import { BRANCHES, isNameOf } from "./records.js";
import type { Record } from "./records.js";
import { commitOf } from "./repository.js";
import { branchOf, changesGone, dropBranch, requireRepository } from "./shop.js";
import type { Shop } from "./shop.js";
import { removeWorktree } from "./worktree.js";
import { rescue } from "./settle.js";

/** Takes the changes of a task into the base, or removes them. Gives the files in conflict. */
export async function review(
  shop: Shop,
  task: Task,
  verdict: "accept" | "discard",
  message: string | null,
): Promise<readonly string[]> {
  await requireRepository(shop);
  const found = await recordFor(shop, task);
  if (found.state === "open") await endOpen(shop, found);
  return shop.lock.run(async () => {
    // It may have been reviewed by another process meanwhile.
    const record = (await shop.records.read(found.name)) ?? found;
    if (record.state === "open") throw changesGone(task.id, "nothing was changed");
    if (verdict === "accept") {
      if (record.state === "discarded") throw reviewed(record);
      return record.state === "accepted" ? [] : accept(shop, record, message);
    }
    if (record.state === "accepted") throw reviewed(record);
    if (record.state === "discarded") return [];
    const discarded: Record = { ...record, owner: null, state: "discarded", at: shop.clock.now() };
    await shop.records.write(discarded);
    await removeWorktree(shop.git, shop.store, discarded);
    await dropBranch(shop, discarded);
    return [];
  });
}

/** What is known of a task's changes: of those that it names, or else of its last attempt. */
async function recordFor(shop: Shop, task: Task): Promise<Record> {
  const records = await shop.records.ofTask(task.id);
  const told = task.changes?.branch ?? task.result?.changes?.branch;
  const name = told === undefined ? undefined : nameIn(task.id, told);
  const record = name === undefined ? records.at(-1) : records.find((one) => one.name === name);
  return record ?? fromBranch(shop, task, name ?? task.id);
}

/** A branch is what it is asked for by a server, which is not to have any other one merged. */
function nameIn(task: string, branch: string): string {
  const name = branch.startsWith(BRANCHES) ? branch.slice(BRANCHES.length) : "";
  if (isNameOf(name, task)) return name;
  throw changesGone(
    task,
    `they are said to be on ${JSON.stringify(branch)}, which is no branch of that task's`,
  );
}

/** The record of a branch of which none is kept: it was fetched from elsewhere, or the records were deleted. */
async function fromBranch(shop: Shop, task: Task, name: string): Promise<Record> {
  const { git, store, repository, clock } = shop;
  const tip = await commitOf(git, store, BRANCHES + name);
  if (tip === null) throw changesGone(task.id, `there is no branch ${BRANCHES}${name} in ${repository.root}`);
  const from = await commitOf(git, store, repository.base);
  return {
    name,
    task: task.id,
    base: repository.base,
    from,
    start: from ?? tip,
    directory: `${shop.worktrees}/${name}`,
    gitDir: null,
    owner: null,
    state: "kept",
    commit: tip,
    at: clock.now(),
    withoutFilters: false,
  };
}

/** What a worker that was lost has left is reviewed as it is; what somebody works on is not. */
async function endOpen(shop: Shop, record: Record): Promise<void> {
  if (record.owner !== null && fateOf(record.owner) !== "dead") {
    throw new AgentError(`Task ${record.task} is being worked on, in ${record.directory}.`, {
      code: "still_working",
      remediation: "Wait until it is over, or cancel it.",
    });
  }
  await rescue(shop, record);
}

function reviewed(record: Record): AgentError {
  return new AgentError(`The changes on ${branchOf(record)} were ${record.state} before.`, {
    code: "already_reviewed",
    remediation: record.state === "accepted" ? "Take them back with git revert." : "Give the task again.",
  });
}
