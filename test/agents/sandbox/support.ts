import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import type { ProcessesOptions, TaskProcesses } from "../../../server/src/processes/create-processes.js";
import { allowedEnvironment } from "../../../server/src/processes/environment.js";
import type { AgentProcess, StartOptions } from "../../../server/src/processes/processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { bubblewrap } from "../../../server/src/sandbox/bubblewrap.js";
import type { BubblewrapOptions } from "../../../server/src/sandbox/bubblewrap.js";
import { linesOf, program } from "../processes/support/programs.js";

/** A key that may be seen nowhere. */
export const KEY = "pl4nted-key-of-the-sandbox";

/** A person's machine: a home with what is nobody's business, a repository in it, and a worktree of a task. */
export interface House {
  readonly home: string;
  readonly repository: string;
  readonly worktree: string;
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  git(...args: readonly string[]): string;
}

export function house(): House {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "agentvm sandbox ü-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, "home");
  const repository = join(home, "my game");
  const worktree = join(home, ".local", "state", "worktree");
  const scratch = join(root, "scratch");
  for (const folder of [repository, dirname(worktree), scratch, join(home, ".ssh")])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, ".ssh", "id"), "private");
  writeFileSync(join(repository, "player.ts"), "jump = 1;\n");
  const env = {
    PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=Player", "-c", "user.email=player@example.com", ...args], {
      cwd: repository,
      env,
      encoding: "utf8",
    }).trim();
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "Begin");
  git("worktree", "add", "-q", "-b", "agentvm/task", worktree);
  return { home, repository, worktree, scratch, env, git };
}

/** The programs of a task in a house, sandboxed. */
export interface Cell {
  readonly processes: TaskProcesses;
  /** Starts a script of the shell. */
  sh(script: string, options?: Partial<StartOptions>): AgentProcess;
  /** What a script says, what it says is wrong, and how it ended. */
  said(script: string): Promise<{ readonly out: string; readonly error: string; readonly code: number }>;
}

export function cell(
  { worktree, scratch, home, env }: House,
  { clock, ...more }: Partial<BubblewrapOptions> & Pick<ProcessesOptions, "clock"> = {},
): Cell {
  const directory = more.directory ?? worktree;
  const processes = createProcesses({
    task: "task-1",
    directories: [directory, scratch],
    redactor: createRedactor({ PLANTED_KEY: KEY }),
    sandbox: bubblewrap({
      ...{ bwrap: "/usr/bin/bwrap", network: true, home, directory, scratch, needs: null },
      ...{ kept: join(home, ".local", "state", "kept"), read: [], write: [], ...more },
    }),
    ...(clock !== undefined && { clock }),
  });
  onTestFinished(() => processes.close());
  const environment = allowedEnvironment({ ...env, PLANTED_KEY: KEY, PERSONS: "own" }, ["PLANTED_KEY"]);
  const sh: Cell["sh"] = (script, options = {}) =>
    processes.start("sh", ["-c", script], { directory, environment, ...options });
  return {
    processes,
    sh,
    async said(script) {
      const started = sh(script);
      const lines = await linesOf(started);
      const exit = await started.exited;
      const error = started.errorText();
      return { out: lines.join("\n"), error, code: exit.kind === "code" ? exit.code : -1 };
    },
  };
}

export function textOf(...path: readonly string[]): string {
  return readFileSync(join(...path), "utf8");
}

/** A folder with a bubblewrap as it is where no user may make namespaces. */
export async function brokenBwrap(root: string): Promise<string> {
  const folder = join(root, "broken");
  mkdirSync(folder);
  const text =
    "#!/bin/sh\necho 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it.' >&2\nexit 1\n";
  await program(join(folder, "bwrap"), text);
  return folder;
}
