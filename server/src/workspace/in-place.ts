import { createHash } from "node:crypto";
import { lstat, mkdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Clock, Task } from "oligarchy-agentvm";
import { AgentError, EXIT } from "../agent-error.js";
import { differenceOf } from "./changes.js";
import { hasCode } from "./files.js";
import type { Git, GitAt } from "./git.js";
import { FileLock } from "./lock.js";
import { requireGit } from "./repository.js";
import type { Place, PlaceChanges, Workspace } from "./workspace.js";

/** Files and bytes of a folder of which a picture is taken before a task, to tell by it what has changed. */
const FILES_MAX = 20_000;
const BYTES_MAX = 256 * 1_048_576;

/** What is nobody's work, in folders that say nothing of what is to be left out. */
const LEFT_OUT = ["node_modules/", ".venv/", "__pycache__/", ".DS_Store"];

/** The name for what is on no branch. */
const IN_PLACE = "in place";

/** What {@link openInPlace} needs. */
export interface InPlaceOptions {
  readonly git: Git;
  readonly clock: Clock;
  /** The folder in which pictures of folders are kept while tasks work. */
  readonly state: string;
}

/**
 * Opens a folder in which tasks work themselves, one at a time: there is no branch, and nothing to accept. What a task has changed is found
 * by comparing the folder with a picture of it from before, which git takes in a repository of its own elsewhere.
 *
 * @throws AgentError when it is no folder, or there is no git.
 */
export async function openInPlace(folder: string, { git, clock, state }: InPlaceOptions): Promise<Workspace> {
  await requireGit(git);
  const root = await folderAt(folder);
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const ours = join(state, "in-place", `${basename(root).replace(/[^\w.-]+/g, "_")}-${hash}`);
  await mkdir(join(state, "in-place"), { recursive: true });
  return new InPlaceWorkspace(git, root, ours, new FileLock(`${ours}.lock`, clock, 0));
}

async function folderAt(folder: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return await realpath(resolve(folder));
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
  throw new AgentError(`${folder} is no folder.`, {
    code: "no_folder",
    remediation: "Name the folder in which tasks are to work.",
    exitCode: EXIT.config,
  });
}

class InPlaceWorkspace implements Workspace {
  readonly root: string;
  readonly base = IN_PLACE;
  readonly atOnce = 1;
  readonly #git: Git;
  readonly #ours: string;
  readonly #lock: FileLock;
  #isClosed = false;

  constructor(git: Git, root: string, ours: string, lock: FileLock) {
    this.#git = git;
    this.root = root;
    this.#ours = ours;
    this.#lock = lock;
  }

  async open(_task: Task): Promise<Place> {
    if (this.#isClosed) throw this.#busy("is closed");
    const release = await this.#take();
    try {
      const picture = await Picture.take(this.#git, this.root, this.#ours);
      return new FolderItself(this.root, picture, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  async #take(): Promise<() => Promise<void>> {
    try {
      return await this.#lock.take();
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      throw this.#busy("is worked in by another task");
    }
  }

  #busy(what: string): AgentError {
    return new AgentError(`${this.root} ${what}, and tasks work in the folder itself (--in-place).`, {
      code: "folder_busy",
      remediation:
        "Let one task work at a time, or make it a git repository: there each has a place of its own.",
    });
  }

  /** What was done is in the folder already; it cannot be taken out again. */
  async review(
    task: Task,
    verdict: "accept" | "discard",
    _message: string | null,
  ): Promise<readonly string[]> {
    if (verdict === "accept") return [];
    throw new AgentError(`Task ${task.id} has worked in ${this.root} itself, and its changes are there.`, {
      code: "no_review",
      remediation:
        "Take them back by hand; in a git repository, without --in-place, they could be discarded.",
    });
  }

  async settle(): Promise<void> {
    // A picture whose task was killed is of no use, and made anew by the next one.
    const release = await this.#lock.take().catch(() => null);
    if (release === null) return;
    await rm(this.#ours, { recursive: true, force: true });
    await release();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }
}

/** The folder as it was at some time. */
class Picture {
  readonly #git: Git;
  readonly #at: GitAt;
  readonly #tree: string;

  private constructor(git: Git, at: GitAt, tree: string) {
    this.#git = git;
    this.#at = at;
    this.#tree = tree;
  }

  /** Takes one; what cannot be kept is told in words. */
  static async take(git: Git, directory: string, folder: string): Promise<Picture | string> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "info"), { recursive: true });
    await git.call({ directory: folder }, ["init", "--quiet", "--bare", "--template=", "--", folder]);
    await writeFile(join(folder, "info", "exclude"), `${LEFT_OUT.join("\n")}\n`);
    const at: GitAt = { directory, gitDir: folder, index: join(folder, "index") };
    const now = await treeNow(git, at);
    return "why" in now ? now.why : new Picture(git, at, now.tree);
  }

  /** What has changed since; in words where that cannot be told. */
  async difference(): Promise<Omit<PlaceChanges, "branch" | "base" | "commit"> | null | string> {
    const now = await treeNow(this.#git, this.#at);
    return "why" in now ? now.why : differenceOf(this.#git, this.#at, this.#tree, now.tree);
  }

  async remove(): Promise<void> {
    const { gitDir } = this.#at;
    if (gitDir !== undefined) await rm(gitDir, { recursive: true, force: true });
  }
}

/** The tree of all files, or what is in the way of one. Repositories within the folder are left alone, with all that is in them. */
async function treeNow(git: Git, at: GitAt): Promise<{ readonly tree: string } | { readonly why: string }> {
  const others = await git.pieces(at, ["ls-files", "-z", "--others", "--exclude-standard"], { isLong: true });
  const known = await git.pieces(at, ["ls-files", "-z"], { isLong: true });
  const paths = [...others.filter((path) => !path.endsWith("/")), ...known];
  if (paths.length > FILES_MAX)
    return { why: `It has ${paths.length} files, and of more than ${FILES_MAX} no picture is taken.` };
  let bytes = 0;
  for (const path of paths) {
    bytes += await lstat(join(at.directory, path)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  if (bytes > BYTES_MAX) {
    const [has, most] = [Math.round(bytes / 1_048_576), BYTES_MAX / 1_048_576];
    return { why: `It has ${has} MiB, and of more than ${most} MiB no picture is taken.` };
  }
  const input = paths.map((path) => `${path}\0`).join("");
  await git.call(at, ["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], {
    input,
    isLong: true,
  });
  return { tree: await git.text(at, ["write-tree"], { isLong: true }) };
}

class FolderItself implements Place {
  readonly directory: string;
  readonly branch = IN_PLACE;
  readonly #picture: Picture | string;
  readonly #release: () => Promise<void>;
  #note: string | null;
  #isOver = false;

  constructor(directory: string, picture: Picture | string, release: () => Promise<void>) {
    this.directory = directory;
    this.#picture = picture;
    this.#release = release;
    this.#note = typeof picture === "string" ? noteOf(picture) : null;
  }

  get note(): string | null {
    return this.#note;
  }

  async commit(_message: string, _author: string): Promise<PlaceChanges | null> {
    if (this.#isOver) throw new Error(`The place in ${this.directory} is closed already.`);
    const found = typeof this.#picture === "string" ? null : await this.#picture.difference();
    if (typeof found === "string") this.#note = noteOf(found);
    await this.remove();
    return found === null || typeof found === "string"
      ? null
      : { branch: IN_PLACE, base: IN_PLACE, commit: null, ...found };
  }

  /** What was done stays: the folder is the person's own. */
  async remove(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (typeof this.#picture !== "string") await this.#picture.remove();
    await this.#release();
  }
}

function noteOf(why: string): string {
  return `What changes in the folder cannot be told. ${why} Name what does not matter in .gitignore.`;
}
