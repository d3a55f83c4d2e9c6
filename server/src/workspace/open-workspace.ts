import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { systemClock } from "oligarchy-agentvm";
import type { Clock, Task } from "oligarchy-agentvm";
import { AgentError } from "../agent-error.js";
import { stateFolder } from "../state-folder.js";
import { Turns } from "../turns.js";
import { Git, GIT_LIMIT_MS } from "./git.js";
import { openInPlace } from "./in-place.js";
import { FileLock } from "./lock.js";
import { openPlace } from "./place.js";
import { Records } from "./records.js";
import { findRepository, ourFolder } from "./repository.js";
import { review } from "./review.js";
import { settle } from "./settle.js";
import type { Shop } from "./shop.js";
import type { Place, Workspace } from "./workspace.js";

/** How a workspace is opened. */
export interface WorkspaceOptions {
  /** The branch from which tasks begin, and into which accepted work goes. Default: the one that is checked out. */
  readonly base?: string;
  /**
   * The folder for the worktrees. Default: one for each repository in `$XDG_STATE_HOME/agentvm/worktrees`, which is
   * `~/.local/state/agentvm/worktrees`.
   */
  readonly worktrees?: string;
  /** Days after which work that nobody has reviewed is deleted. Default: 30. */
  readonly keepDays?: number;
  /** Milliseconds that a call of git may take; ten times that where it works on all files. Default: 30,000. */
  readonly gitLimitMs?: number;
  /** Variables for git. Default: those of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Tasks work in the folder itself, one at a time and with nothing to review; it need not be a repository. Default: false. */
  readonly inPlace?: boolean;
  readonly clock?: Clock;
}

const KEEP_DAYS = 30;
const DAY_MS = 86_400_000;

/** Milliseconds to wait for another process that works on the same repository. */
const LOCK_WAIT_MS = 120_000;

/**
 * Opens the repository of a folder for tasks.
 *
 * Worktrees lie outside of the repository: within the checkout they would be a person's untracked files, and tests of the checkout would find
 * theirs; within its `.git`, what agents run would not look at them, since tools leave out all that has `.git` in its path.
 *
 * @throws AgentError when tasks cannot work there: no repository, a bare one, no branch, another user's, no git or an old one.
 */
export async function openWorkspace(folder: string, options: WorkspaceOptions = {}): Promise<Workspace> {
  const { clock = systemClock(), environment = process.env, keepDays = KEEP_DAYS } = options;
  const git = new Git({ clock, environment, limitMs: options.gitLimitMs ?? GIT_LIMIT_MS });
  if (options.inPlace === true) return openInPlace(folder, { git, clock, state: stateFolder(environment) });
  const repository = await findRepository(git, resolve(folder), options.base);
  const ours = ourFolder(repository.common);
  const shop: Shop = {
    git,
    clock,
    repository,
    store: { directory: repository.common, gitDir: repository.common },
    records: new Records(join(ours, "tasks")),
    lock: new FileLock(join(ours, "lock"), clock, LOCK_WAIT_MS),
    worktrees:
      options.worktrees === undefined
        ? join(stateFolder(environment), "worktrees", await folderFor(repository.common))
        : resolve(options.worktrees),
    keepMs: keepDays * DAY_MS,
  };
  return new GitWorkspace(shop);
}

/** A folder's name for one repository: that of the checkout, for people who look, and what tells it from others of that name. */
async function folderFor(common: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await realpath(common))
    .digest("hex")
    .slice(0, 12);
  const name = basename(common) === ".git" ? basename(resolve(common, "..")) : basename(common);
  return `${name.replace(/[^\w.-]+/g, "_").slice(0, 40)}-${hash}`;
}

class GitWorkspace implements Workspace {
  readonly root: string;
  readonly base: string;
  readonly #shop: Shop;
  /** What was accepted first goes in first, and of two in conflict it is the later one that is told so. */
  readonly #reviews = new Turns();
  #isClosed = false;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.root = shop.repository.root;
    this.base = shop.repository.base;
  }

  async open(task: Task): Promise<Place> {
    this.#requireOpen();
    return openPlace(this.#shop, task);
  }

  async review(
    task: Task,
    verdict: "accept" | "discard",
    message: string | null,
  ): Promise<readonly string[]> {
    this.#requireOpen();
    return this.#reviews.take(() => review(this.#shop, task, verdict, message));
  }

  async settle(): Promise<void> {
    this.#requireOpen();
    await settle(this.#shop);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new AgentError(`The workspace ${this.root} is closed.`, {
      code: "workspace_closed",
      remediation: "Open it again.",
    });
  }
}
