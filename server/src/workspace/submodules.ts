import { access } from "node:fs/promises";
import { join } from "node:path";
import { AgentError } from "../agent-error.js";
import type { Git } from "./git.js";

/** Where commits of submodules are to be found, and where they are to stay. */
export interface SubmoduleSource {
  /** The worktree, in whose own copies of the submodules they are. */
  readonly directory: string;
  /** The repository's folder of git, in which the person's copies are. */
  readonly common: string;
  readonly from: string;
  readonly to: string;
  /** Names the refs that keep them: `refs/agentvm/<name>`. */
  readonly name: string;
}

/**
 * Brings commits that a task has made in submodules to where the person's own copies of these are: those of its worktree go with that, and
 * what was committed would name commits that nobody has.
 */
export async function keepSubmodules(git: Git, source: SubmoduleSource): Promise<void> {
  const { directory, common, from, to, name } = source;
  const store = { directory: common, gitDir: common };
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--ignore-submodules=none", from, to, "--"];
  const pieces = await git.pieces(store, args, { isLong: true });
  for (let place = 0; place + 1 < pieces.length; place += 2) {
    const [, mode, , commit = ""] = (pieces[place] ?? "").split(" ");
    const path = pieces[place + 1] ?? "";
    if (mode !== "160000" || !(await isThere(join(directory, path, ".git")))) continue;
    const own = join(common, "modules", await nameOf(git, directory, path));
    if (!(await isThere(join(own, "HEAD")))) continue;
    const at = { directory: own, gitDir: own, settings: ["protocol.file.allow=always"] };
    const fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
    await git.call(at, [...fetch, "--", join(directory, path), `+HEAD:refs/agentvm/${name}`], {
      isLong: true,
    });
    if ((await git.find(at, `${commit}^{commit}`)) !== null) continue;
    throw new AgentError(
      `The submodule ${path} in ${directory} is at the commit ${commit}, which it has not.`,
      {
        code: "submodule_broken",
        remediation: "Have the agent check out a commit there that is, or git submodule update.",
      },
    );
  }
}

/** The name of the submodule at a path, by which git keeps it; mostly the path itself. */
async function nameOf(git: Git, directory: string, path: string): Promise<string> {
  const args = [
    "config",
    "-z",
    "--file",
    join(directory, ".gitmodules"),
    "--get-regexp",
    "^submodule\\..*\\.path$",
  ];
  const entries = await git.pieces({ directory }, args, { codes: [0, 1] });
  const entry = entries.find((one) => one.slice(one.indexOf("\n") + 1) === path);
  const name = entry?.slice("submodule.".length, entry.indexOf("\n") - ".path".length) ?? path;
  // A name is no way out of the folder.
  return name.split("/").includes("..") ? path : name;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
