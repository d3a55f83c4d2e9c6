import { realpath } from "node:fs/promises";
import { join, parse } from "node:path";
import { AgentError, EXIT } from "../agent-error.js";
import type { Git, GitAt } from "./git.js";

/** The oldest git that can merge without a checkout. */
const GIT_MIN: readonly [number, number] = [2, 38];

/** A repository as it was found. */
export interface Repository {
  /** The person's own checkout. */
  readonly root: string;
  /** The folder of git that all worktrees share. */
  readonly common: string;
  /** The branch that accepted work goes into. */
  readonly base: string;
  /** What the repository itself says of line ends, as settings; a person's own are not asked. */
  readonly settings: readonly string[];
}

/** Names that git has for `core.autocrlf` and `core.eol`, which change what is written into files. */
const LINE_ENDS = [
  ["core.autocrlf", "false"],
  ["core.eol", "native"],
] as const;

/**
 * Looks at a folder's repository.
 *
 * @throws AgentError when it has none in which tasks can work.
 */
export async function findRepository(
  git: Git,
  folder: string,
  base: string | undefined,
): Promise<Repository> {
  await requireGit(git);
  const here: GitAt = { directory: folder };
  if (!(await isInCheckout(git, here))) throw await noCheckout(git, here);
  const root = await git.text(here, ["rev-parse", "--path-format=absolute", "--show-toplevel"]);
  if (await isIgnored(git, here, root)) throw notARepository(folder);
  const at: GitAt = { directory: root };
  const common = await git.text(at, ["rev-parse", "--path-format=absolute", "--git-common-dir"]);
  return {
    root: await realpath(root),
    common,
    base: await baseOf(git, at, base),
    settings: await Promise.all(
      LINE_ENDS.map(async ([name, none]) => {
        const { code, output } = await git.call(at, ["config", "--local", "--get", name], { codes: [0, 1] });
        return `${name}=${code === 0 ? output.toString("utf8").trim() : none}`;
      }),
    ),
  };
}

/** @throws AgentError when git is not there, or too old. */
export async function requireGit(git: Git): Promise<void> {
  const said = await git.text({ directory: parse(process.cwd()).root }, ["version"]);
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(said) ?? [];
  const isOld = Number(major) < GIT_MIN[0] || (Number(major) === GIT_MIN[0] && Number(minor) < GIT_MIN[1]);
  if (!isOld) return;
  throw new AgentError(
    `This is ${said}; ${GIT_MIN.join(".")} or later is needed, to merge without a checkout.`,
    {
      code: "git_too_old",
      remediation:
        "Install a newer git (https://git-scm.com/downloads), and see that it comes first in PATH.",
      exitCode: EXIT.config,
    },
  );
}

/** Asked of git before anything else looks at the folder: its calls end by a time limit, on a drive that hangs, too. */
async function isInCheckout(git: Git, here: GitAt): Promise<boolean> {
  try {
    return (await git.text(here, ["rev-parse", "--is-inside-work-tree"])) === "true";
  } catch (error) {
    if (!(error instanceof AgentError && error.code === "repository_gone")) throw error;
    throw new AgentError(`${here.directory} is no folder, or cannot be entered.`, {
      code: "no_folder",
      remediation: "Name the folder of a git repository.",
      exitCode: EXIT.config,
      cause: error,
    });
  }
}

async function noCheckout(git: Git, here: GitAt): Promise<AgentError> {
  const isBare = (await git.text(here, ["rev-parse", "--is-bare-repository"])) === "true";
  if (!isBare) return notARepository(here.directory);
  return new AgentError(`${here.directory} is a bare repository: it has no files to work on.`, {
    code: "bare_repository",
    remediation: "Clone it, and name the clone.",
    exitCode: EXIT.config,
  });
}

function notARepository(folder: string): AgentError {
  return new AgentError(`${folder} is no git repository.`, {
    code: "no_repository",
    remediation: "Make one with git init, name another folder, or work in the folder itself with --in-place.",
    exitCode: EXIT.config,
  });
}

/** Whether the folder only lies in somebody's repository, which leaves it out. */
async function isIgnored(git: Git, here: GitAt, root: string): Promise<boolean> {
  const prefix = await git.text(here, ["rev-parse", "--show-prefix"]);
  return prefix !== "" && (await git.isSo({ directory: root }, ["check-ignore", "--quiet", "--", prefix]));
}

async function baseOf(git: Git, at: GitAt, wanted: string | undefined): Promise<string> {
  const { code, output } = await git.call(at, ["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] });
  const ref = output.toString("utf8").trim();
  const current = code === 0 && ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
  if (wanted !== undefined) {
    if (wanted === current || (await isBranch(git, at, wanted))) return wanted;
    throw unknownBase(at.directory, wanted, await someBranches(git, at));
  }
  if (current !== null) return current;
  throw new AgentError(
    `${at.directory} is on no branch (HEAD is detached), so accepted work would go nowhere.`,
    {
      code: "detached_head",
      remediation: "Name a branch with --base, or switch to one: git switch main, or git switch -c work.",
      exitCode: EXIT.config,
    },
  );
}

/** Whether there is a branch of exactly this name: `main~1` is none. */
async function isBranch(git: Git, at: GitAt, name: string): Promise<boolean> {
  return git.isSo(at, ["show-ref", "--verify", "--quiet", "--", `refs/heads/${name}`]);
}

/** The commit that a branch is at; null where there is no such branch. */
export async function commitOf(git: Git, at: GitAt, branch: string): Promise<string | null> {
  return git.find(at, `refs/heads/${branch}^{commit}`);
}

export function unknownBase(root: string, base: string, others: readonly string[]): AgentError {
  const some = others.length === 0 ? "" : ` There are: ${others.join(", ")}.`;
  return new AgentError(`There is no branch ${JSON.stringify(base)} in ${root}.${some}`, {
    code: "unknown_base",
    remediation: "Name one that is there with --base, or make it: git branch NAME.",
    exitCode: EXIT.config,
  });
}

/** Branches of the person's, the newest first, for an error to name. */
export async function someBranches(git: Git, at: GitAt): Promise<string[]> {
  const args = [
    "for-each-ref",
    "--count=10",
    "--sort=-committerdate",
    "--format=%(refname:lstrip=2)",
    "refs/heads",
  ];
  const said = await git.text(at, args);
  return said.split("\n").filter((name) => name !== "" && !name.startsWith("agentvm/"));
}

/** Where things of ours are in the git directory. */
export function ourFolder(common: string): string {
  return join(common, "agentvm");
}
