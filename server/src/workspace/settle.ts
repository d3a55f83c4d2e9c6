import { access } from "node:fs/promises";
import { join } from "node:path";
import { fateOf } from "./owner.js";
import { keepPlace } from "./place.js";
import type { Record } from "./records.js";
import { dropBranch, requireRepository, tipOf } from "./shop.js";
import type { Shop } from "./shop.js";
import { removeWorktree } from "./worktree.js";

/** Settles what other runs have left behind. What cannot be settled stays as it is; the first reason is thrown when all was tried. */
export async function settle(shop: Shop): Promise<void> {
  await requireRepository(shop);
  const failures: unknown[] = [];
  for (const record of await shop.records.all()) {
    try {
      await settleOne(shop, record);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function settleOne(shop: Shop, record: Record): Promise<void> {
  const isOld = shop.clock.now() - record.at > shop.keepMs;
  if (record.state === "open") {
    if (await isLeft(shop, record, isOld)) await rescue(shop, record);
    return;
  }
  await shop.lock.run(async () => {
    if ((await shop.records.read(record.name))?.at !== record.at) return;
    // Killed between the commit and the end.
    if (record.gitDir !== null && !(await isLocked(record)))
      await removeWorktree(shop.git, shop.store, record);
    const isGone = (await tipOf(shop, record)) === null;
    if (record.state === "kept" ? isOld : !isGone) {
      if (!(await dropBranch(shop, record))) return;
    }
    if (isOld || (record.state === "kept" && isGone)) await shop.records.remove(record.name);
  });
}

/** Whether nobody works there any more. Of workers on other machines that is known by the age alone. */
async function isLeft(shop: Shop, record: Record, isOld: boolean): Promise<boolean> {
  if (await isLocked(record)) return false;
  const fate = record.owner === null ? "dead" : fateOf(record.owner);
  return fate === "dead" || (fate === "unknown" && isOld);
}

/** Whether somebody has locked the worktree, so that nothing removes it. We lock none. */
async function isLocked({ gitDir }: Record): Promise<boolean> {
  if (gitDir === null) return false;
  return access(join(gitDir, "locked")).then(
    () => true,
    () => false,
  );
}

/** Keeps what a worker that is no more has left of a task. */
export async function rescue(shop: Shop, record: Record): Promise<void> {
  await keepPlace(shop, record, `Work on task ${record.task} that was cut off`, "agentvm");
}
