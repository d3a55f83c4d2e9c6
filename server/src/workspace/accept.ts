import { AgentError } from "../agent-error.js";
import { AGENTVM, commitTree } from "./commit.js";
import type { Person } from "./commit.js";
import { bringAlong, inTheWay, requireQuiet } from "./checkout.js";
import type { Record } from "./records.js";
import { commitOf, someBranches, unknownBase } from "./repository.js";
import { branchOf, changesGone, checkoutsOf, dropBranch, isIn, moveBranch, tipOf } from "./shop.js";
import type { Shop } from "./shop.js";

/** Times that it is begun anew since the base has moved meanwhile. */
const TRIES_MAX = 20;

/** What became of taking a commit into a base: it is there, or these files stand against it and nothing has changed. */
type Taken = { readonly conflicts: readonly string[] } | "moved";

/**
 * Takes the work of a record into its base, with the checkouts that are on it. Gives the files in conflict, and has changed nothing then.
 * To be called under the lock.
 */
export async function accept(shop: Shop, record: Record, message: string | null): Promise<readonly string[]> {
  const { records, clock } = shop;
  const tip = (await tipOf(shop, record)) ?? record.commit;
  if (tip === null) throw changesGone(record.task, `the branch ${branchOf(record)} was deleted`);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const taken = await take(shop, record, tip, message);
    if (taken === "moved") continue;
    if (taken.conflicts.length > 0) return taken.conflicts;
    const accepted: Record = { ...record, owner: null, state: "accepted", commit: tip, at: clock.now() };
    await records.write(accepted);
    await dropBranch(shop, accepted);
    return [];
  }
  throw new AgentError(
    `The branch ${record.base} is moved again and again, so nothing can be merged into it.`,
    {
      code: "base_moves",
      remediation: "See what commits to it all the time, and try again when that is done.",
    },
  );
}

async function take(shop: Shop, record: Record, tip: string, message: string | null): Promise<Taken> {
  const { git, store, repository } = shop;
  const was = await commitOf(git, store, record.base);
  if (was !== null && (await isIn(shop, tip, was))) return { conflicts: [] };
  if (was === null && record.from !== null) {
    throw unknownBase(repository.root, record.base, await someBranches(git, store));
  }
  const made = await merged(shop, record, { was, tip, message });
  if ("conflicts" in made) return made;
  const { commit } = made;

  await requireQuiet(shop, record.base);
  const checkouts = (await checkoutsOf(shop)).filter(
    ({ branch, isGone, isBare }) => branch === record.base && !isGone && !isBare,
  );
  const conflicts = new Set<string>();
  for (const { directory } of checkouts) {
    for (const path of await inTheWay(shop, directory, was, commit)) conflicts.add(path);
  }
  if (conflicts.size > 0) return { conflicts: [...conflicts].sort() };
  if (checkouts.length > 0)
    return (await bringAlong(shop, checkouts, was, commit)) ? { conflicts: [] } : "moved";
  const isMoved = await moveBranch(shop, record.base, commit, was, `agentvm: accept ${branchOf(record)}`);
  return isMoved ? { conflicts: [] } : "moved";
}

/** The commit that has both: the work's own where nothing came meanwhile, else a merge. */
async function merged(
  shop: Shop,
  record: Record,
  {
    was,
    tip,
    message,
  }: { readonly was: string | null; readonly tip: string; readonly message: string | null },
): Promise<{ readonly commit: string } | { readonly conflicts: readonly string[] }> {
  const { git, store, repository } = shop;
  if (was === null || (await isIn(shop, was, tip))) return { commit: tip };
  // Work that began with nothing has no beginning in common with what came meanwhile.
  const args = [
    "merge-tree",
    "--write-tree",
    "--allow-unrelated-histories",
    "-z",
    "--name-only",
    "--no-messages",
  ];
  const { code, output } = await git.call(store, [...args, was, tip], { codes: [0, 1], isLong: true });
  const [tree = "", ...files] = output
    .toString("utf8")
    .split("\0")
    .filter((piece) => piece !== "");
  if (code === 1) return { conflicts: [...new Set(files.length > 0 ? files : [branchOf(record)])].sort() };
  const subject = await git.text(store, ["log", "-1", "--format=%s", tip]);
  const by = await whoAccepts(shop, repository.root);
  const commit = await commitTree(git, store, {
    tree,
    parents: [was, tip],
    message: [`Accept ${branchOf(record)}: ${subject}`, message ?? ""].join("\n\n"),
    by,
    committer: by,
  });
  return { commit };
}

/** The person who works with this repository, where git knows one. */
async function whoAccepts({ git }: Shop, directory: string): Promise<Person> {
  const [name, email] = await Promise.all(
    ["user.name", "user.email"].map(async (key) => {
      const { output } = await git.call({ directory }, ["config", "--get", key], { codes: [0, 1] });
      return output.toString("utf8").trim();
    }),
  );
  return name !== undefined && email !== undefined && /[^.,:;<>"\\'\s]/.test(name) && email !== ""
    ? { name, email }
    : AGENTVM;
}
