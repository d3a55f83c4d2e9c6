import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../src/index.js";
import { openWorkspace } from "../../../server/src/workspace/open-workspace.js";
import { writeIn } from "./support-of-tasks.js";
import type { WorkspaceOptions } from "../../../server/src/workspace/open-workspace.js";
import type { Workspace } from "../../../server/src/workspace/workspace.js";

export { doTask, taskOf, writeIn } from "./support-of-tasks.js";

/** A folder of the test's own, deleted when that is over. */
export function temporaryFolder(name = "workspace"): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `agentvm ${name} ä-`)));
  onTestFinished(() => {
    execFileSync("chmod", ["-R", "u+rwX", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A real repository of a person's, who has a home of their own. */
export class PersonsRepository {
  readonly home: string;
  readonly environment: Record<string, string>;

  constructor(
    readonly folder: string,
    home: string,
  ) {
    this.home = home;
    mkdirSync(home, { recursive: true });
    this.environment = {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      GIT_CONFIG_NOSYSTEM: "1",
    };
  }

  /** Calls git as the person does, and gives what it says. */
  git(...args: string[]): string {
    return this.gitIn(this.folder, ...args);
  }

  gitIn(folder: string, ...args: string[]): string {
    const output = execFileSync("git", args, {
      cwd: folder,
      env: this.environment,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return output.replace(/\n$/, "");
  }

  write(path: string, text: string | Buffer): void {
    writeIn(this.folder, path, text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Commits all files as the person. */
  commit(message = "What the person did"): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** The commit that something is at. */
  at(name: string): string {
    return this.git("rev-parse", name);
  }

  /** What is in a file at some commit. */
  show(commit: string, path: string): string {
    return execFileSync("git", ["show", `${commit}:${path}`], {
      cwd: this.folder,
      env: this.environment,
      encoding: "utf8",
    });
  }

  /** Branches of tasks. */
  branches(): string[] {
    const said = this.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/agentvm");
    return said === "" ? [] : said.split("\n");
  }

  /** All that is the person's, to be compared before and after. */
  own(): { head: string; status: string; stash: string; index: string } {
    return {
      head: `${this.git("rev-parse", "--symbolic-full-name", "HEAD")} ${this.at("HEAD")}`,
      status: this.git("status", "--porcelain", "--ignored"),
      stash: this.git("stash", "list"),
      index: this.git("ls-files", "--stage"),
    };
  }

  open(options: WorkspaceOptions = {}): Promise<Workspace> {
    return openWorkspace(this.folder, { environment: this.environment, ...options });
  }
}

/** A repository without commits. */
export function emptyRepository(): PersonsRepository {
  const folder = temporaryFolder();
  const repository = new PersonsRepository(join(folder, "the game"), join(folder, "home"));
  mkdirSync(repository.folder);
  repository.git("init", "--quiet", "--initial-branch=main");
  repository.git("config", "--global", "user.name", "Pia Person");
  repository.git("config", "--global", "user.email", "pia@example.com");
  return repository;
}

/** A small game with one commit on `main`. */
export function smallRepository(): PersonsRepository {
  const repository = emptyRepository();
  repository.write("player.ts", "export const jump = 1;\n");
  repository.write("readme.md", "A game.\n");
  repository.write("art/tree.txt", "a tree\n");
  repository.commit("Begin the game");
  return repository;
}

/** A clock by which short waits are over at once, and long ones never. */
export function impatientClock(): Clock {
  return {
    now: () => Date.now(),
    setTimeout(callback, delayMs) {
      if (delayMs >= 10_000) return () => undefined;
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
  };
}

/** Puts a program in the place of git, which is found first. Gives the environment. */
export function withProgram(
  repository: PersonsRepository,
  name: string,
  script: string,
): Record<string, string> {
  const folder = join(repository.home, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return { ...repository.environment, PATH: `${folder}${delimiter}${repository.environment["PATH"] ?? ""}` };
}
