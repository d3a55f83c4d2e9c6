import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { parse } from "node:path";
import type { Clock } from "oligarchy-agentvm";
import type { Environment } from "../processes/environment.js";
import { failureOfGit, gitHangs, gitMissing, tooMuch } from "./git-failures.js";
import { gitEnvironment, OUR_SETTINGS } from "./git-settings.js";

/** Milliseconds that a call of git may take, unless it works on all files of a repository. */
export const GIT_LIMIT_MS = 30_000;

/** How much longer a call may take that reads or writes all files. */
const ALL_FILES = 10;

/** Bytes of output that are read where a call does not say. */
const OUTPUT_MAX = 64 * 1_048_576;

/** Bytes of standard error that are kept, for the reason of a failure. */
const ERRORS_MAX = 16_384;

/** Times that a call is made again while somebody else's git holds a lock, and the milliseconds before the first of them. */
const RETRIES = 6;
const RETRY_MS = 50;

/** Where a call of git works. */
export interface GitAt {
  /** Its working directory. */
  readonly directory: string;
  /** The repository; where it is left out, git looks for it from the directory upwards. */
  readonly gitDir?: string | undefined;
  /** An index in the place of the repository's; the directory is the worktree that goes with it then, whatever the repository says. */
  readonly index?: string | undefined;
  /** More settings, as `core.autocrlf=false`. */
  readonly settings?: readonly string[];
}

/** How git is called. */
export interface GitCall {
  readonly input?: string;
  readonly environment?: Environment;
  /** Exit codes that are answers; with any other the call fails. Default: 0 alone. */
  readonly codes?: readonly number[];
  /** It works on all files of a repository, and may take its time. */
  readonly isLong?: boolean;
  /** Bytes of output after which it is stopped, and its output told to be cut; without it, more than is bearable is a failure. */
  readonly cutAt?: number;
}

/** What git said. */
export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
  readonly isCut: boolean;
  /** The end of what it wrote to standard error. */
  readonly errors: string;
}

/** What {@link Git} is made of. */
export interface GitOptions {
  readonly clock: Clock;
  /** The environment of this process, of which git gets what it needs. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that a call may take. */
  readonly limitMs: number;
}

/**
 * The git of the machine, called as a program needs it: no shell, no questions, no hooks, no settings of a person's that change what is
 * done or said, and none that takes for ever.
 */
export class Git {
  readonly #clock: Clock;
  readonly #environment: Environment;
  readonly #limitMs: number;

  constructor({ clock, environment, limitMs }: GitOptions) {
    this.#clock = clock;
    this.#environment = gitEnvironment(environment);
    this.#limitMs = limitMs;
  }

  /**
   * Calls git and gives what it says.
   *
   * @throws AgentError for an exit code that is no answer, past its time limit, and where there is no git.
   */
  async call(at: GitAt, args: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
    for (let retries = 0; ; retries += 1) {
      const answer = await this.#once(at, args, call);
      if ((call.codes ?? [0]).includes(answer.code) || answer.isCut) return answer;
      const failure = failureOfGit(at.directory, args, answer);
      if (failure.code !== "repository_locked" || retries >= RETRIES) throw failure;
      await new Promise<void>((resolve) => {
        this.#clock.setTimeout(resolve, RETRY_MS * 2 ** retries);
      });
    }
  }

  /** What git says, as text without the line's end. */
  async text(at: GitAt, args: readonly string[], call?: GitCall): Promise<string> {
    const { output } = await this.call(at, args, call);
    return output.toString("utf8").replace(/\r?\n$/, "");
  }

  /** What git says, in the pieces that `-z` makes of it. */
  async pieces(at: GitAt, args: readonly string[], call?: GitCall): Promise<string[]> {
    const { output } = await this.call(at, args, call);
    const pieces = output.toString("utf8").split("\0");
    if (pieces.at(-1) === "") pieces.pop();
    return pieces;
  }

  /** Whether git says yes to a question that it answers by exit codes 0 and 1. */
  async isSo(at: GitAt, args: readonly string[], call?: GitCall): Promise<boolean> {
    return (await this.call(at, args, { ...call, codes: [0, 1] })).code === 0;
  }

  /** The object of this name; null where there is none. */
  async find(at: GitAt, name: string): Promise<string | null> {
    const { code, output } = await this.call(
      at,
      ["rev-parse", "--quiet", "--verify", "--end-of-options", name],
      {
        codes: [0, 1, 128],
      },
    );
    return code === 0 ? output.toString("utf8").trim() : null;
  }

  #once(at: GitAt, args: readonly string[], call: GitCall): Promise<GitAnswer> {
    const { directory, gitDir, index } = at;
    const settings = [...OUR_SETTINGS, ...(at.settings ?? [])].flatMap((setting) => ["-c", setting]);
    const where = [
      ...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]),
      ...(index === undefined ? [] : [`--work-tree=${directory}`]),
    ];
    const limitMs = this.#limitMs * (call.isLong === true ? ALL_FILES : 1);
    return new Promise((resolve, reject) => {
      const child = spawn("git", ["-C", directory, ...settings, ...where, ...args], {
        // Whether the directory is there is git's to say: spawn could not tell it from a git that is not.
        cwd: parse(process.cwd()).root,
        env: {
          ...this.#environment,
          ...(index !== undefined && { GIT_INDEX_FILE: index }),
          ...call.environment,
        },
        stdio: ["pipe", "pipe", "pipe"],
        // A group of its own: what git starts ends with it, and what ends us leaves it time to finish.
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      const output: Buffer[] = [];
      let errors = "";
      let length = 0;
      let isOver = false;
      const settle = (finish: () => void): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        finish();
      };
      const cutAt = call.cutAt ?? OUTPUT_MAX;
      const cancel = this.#clock.setTimeout(() => {
        settle(() => {
          killGroup(child);
          reject(gitHangs(directory, args, limitMs));
        });
      }, limitMs);
      child.stdout.on("data", (piece: Buffer) => {
        if (isOver) return;
        output.push(piece);
        length += piece.length;
        if (length <= cutAt) return;
        settle(() => {
          killGroup(child);
          if (call.cutAt === undefined) reject(tooMuch(directory, args));
          else resolve({ code: 0, output: Buffer.concat(output), isCut: true, errors });
        });
      });
      child.stderr.on("data", (piece: Buffer) => {
        errors = (errors + piece.toString("utf8")).slice(-ERRORS_MAX);
      });
      child.on("error", (cause) => settle(() => reject(gitMissing(cause))));
      child.on("close", (code) =>
        settle(() => resolve({ code: code ?? -1, output: Buffer.concat(output), isCut: false, errors })),
      );
      // A git that ends before it has read its input is judged by its exit code.
      child.stdin.on("error", () => undefined);
      child.stdin.end(call.input ?? "");
    });
  }
}

function killGroup(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  child.unref();
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
