import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/index.js";
import { openWorkspace } from "../../../server/src/workspace/open-workspace.js";
import {
  doTask,
  impatientClock,
  PersonsRepository,
  smallRepository,
  taskOf,
  temporaryFolder,
  withProgram,
  writeIn,
} from "./support.js";

/** A folder of a person's that is no repository. */
function folderOf(): PersonsRepository {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "notes"));
  return new PersonsRepository(join(folder, "notes"), join(folder, "home"));
}

/** A clock whose timers are over when the test says so. */
class HeldClock implements Clock {
  readonly #timers = new Set<{ callback: () => void; delayMs: number }>();
  #now = Date.parse("2026-01-31T12:00:00Z");

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    const timer = { callback, delayMs };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets all timers be over. */
  pass(): void {
    const timers = [...this.#timers];
    this.#timers.clear();
    for (const { callback, delayMs } of timers) {
      this.#now += delayMs;
      callback();
    }
  }
}

/** A repository with a task that is done, and a branch of the person's that is in conflict with the base. */
async function diverged() {
  const repository = smallRepository();
  const workspace = await repository.open();
  await doTask(workspace, "task_1", { "readme.md": "better\n" });
  repository.git("switch", "--quiet", "--create", "other");
  repository.write("player.ts", "other\n");
  repository.commit();
  repository.git("switch", "--quiet", "main");
  repository.write("player.ts", "mine\n");
  repository.commit();
  return { repository, workspace };
}

describe("a folder in which tasks cannot work", () => {
  it("is no repository", async () => {
    await expect(folderOf().open()).rejects.toMatchObject({ code: "no_repository", exitCode: 3 });
  });

  it("lies in a repository that leaves it out", async () => {
    const repository = smallRepository();
    repository.write(".gitignore", "scratch/\n");
    repository.write("scratch/note.txt", "a note");
    const open = openWorkspace(join(repository.folder, "scratch"), { environment: repository.environment });
    await expect(open).rejects.toMatchObject({ code: "no_repository" });
  });

  it("is bare", async () => {
    const folder = folderOf();
    folder.git("init", "--quiet", "--bare");
    await expect(folder.open()).rejects.toMatchObject({ code: "bare_repository" });
  });

  it.each(["file.txt", "nowhere", ".git"])(
    "is %s, and no folder with files of a repository's",
    async (name) => {
      const repository = smallRepository();
      repository.write("file.txt", "a file");
      await expect(
        openWorkspace(join(repository.folder, name), { environment: repository.environment }),
      ).rejects.toMatchObject({ code: name === ".git" ? "no_repository" : "no_folder" });
    },
  );

  it("is on no branch, and none was named", async () => {
    const repository = smallRepository();
    repository.git("checkout", "--quiet", "--detach");
    await expect(repository.open()).rejects.toMatchObject({ code: "detached_head" });
  });

  it.each(["nowhere", "main~0", "--all", "", "HEAD", "refs/heads/main", "a\nb"])(
    "has no branch %j that was named",
    async (base) => {
      const open = smallRepository().open({ base });
      await expect(open).rejects.toMatchObject({ code: "unknown_base", message: /There are: main\./ });
    },
  );

  it("belongs to somebody else", async () => {
    const repository = smallRepository();
    const environment = { ...repository.environment, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
    const git = withProgram(repository, "git", `GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec /usr/bin/git "$@"`);
    await expect(repository.open({ environment: { ...environment, ...git } })).rejects.toMatchObject({
      code: "dubious_ownership",
      remediation: /safe\.directory '.*the game'/,
    });
  });
});

describe("git", () => {
  it("is not there", async () => {
    const repository = smallRepository();
    const environment = { ...repository.environment, PATH: repository.home };
    await expect(repository.open({ environment })).rejects.toMatchObject({ code: "git_missing" });
  });

  it("is too old", async () => {
    const repository = smallRepository();
    const environment = withProgram(repository, "git", "echo git version 2.30.2");
    await expect(repository.open({ environment })).rejects.toMatchObject({
      code: "git_too_old",
      message: /git version 2\.30\.2; 2\.38 or later/,
    });
  });

  it("hangs, as on a network drive that does not answer, and is stopped with what it has started", async () => {
    const repository = smallRepository();
    const begun = join(repository.home, "begun");
    const environment = withProgram(
      repository,
      "git",
      `case "$*" in *version*) echo git version 2.39.5 ;; *) sleep 1000 & echo $! >'${begun}'; wait ;; esac`,
    );
    const clock = new HeldClock();
    const open = repository.open({ environment, clock });
    const failed = expect(open).rejects.toMatchObject({ code: "git_hangs", message: /within 30 s/ });
    await expect.poll(() => existsSync(begun)).toBe(true);
    clock.pass();
    await failed;
  });

  it("says that the disk is full: the task's place is there still, and can be tried again", async () => {
    const repository = smallRepository();
    const full = join(repository.home, "full");
    const environment = withProgram(
      repository,
      "git",
      `case "$*" in *commit-tree*) [ -e '${full}' ] && { echo "fatal: write error: No space left on device" >&2; exit 128; } ;; esac\nexec /usr/bin/git "$@"`,
    );
    const workspace = await repository.open({ environment });
    const place = await workspace.open(taskOf("task_1"));
    writeIn(place.directory, "player.ts", "better\n");
    writeFileSync(full, "");
    await expect(place.commit("Jump", "Ada")).rejects.toMatchObject({ code: "no_space" });
    rmSync(full);
    expect((await place.commit("Jump", "Ada"))?.files).toHaveLength(1);
  });

  it("tells no password of an address", async () => {
    const repository = smallRepository();
    const environment = withProgram(
      repository,
      "git",
      `case "$*" in *version*) echo git version 2.39.5 ;; *) echo "fatal: cannot read https://pia:secret@example.com/x" >&2; exit 128 ;; esac`,
    );
    await expect(repository.open({ environment })).rejects.toMatchObject({
      message: expect.not.stringContaining("secret"),
    });
  });
});

describe("a repository that is not as it was", () => {
  it("is deleted while a task works", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const place = await workspace.open(taskOf("task_1"));
    rmSync(repository.folder, { recursive: true });
    await expect(place.commit("Jump", "Ada")).rejects.toMatchObject({ code: "repository_gone" });
    await expect(workspace.open(taskOf("task_2"))).rejects.toMatchObject({ code: "repository_gone" });
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "repository_gone",
    });
    expect(existsSync(repository.folder)).toBe(false);
  });

  it("has lost its base", async () => {
    const repository = smallRepository();
    repository.git("switch", "--quiet", "--create", "other");
    const workspace = await repository.open({ base: "main" });
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    repository.git("branch", "--delete", "--force", "main");
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "unknown_base",
    });
    await expect(workspace.open(taskOf("task_2"))).rejects.toMatchObject({ code: "unknown_base" });
    expect(repository.branches()).toEqual(["agentvm/task_1"]);
  });

  it("has lost the branch of the task", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    const commit = repository.at("agentvm/task_1");
    repository.git("branch", "--delete", "--force", "agentvm/task_1");
    // The commit is known, and git keeps it for a while.
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.at("main")).toBe(commit);
  });

  it("is locked by another git for longer than one waits", async () => {
    const repository = smallRepository();
    const workspace = await repository.open({ clock: impatientClock() });
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    repository.write(".git/index.lock", "");
    const main = repository.at("main");
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "repository_locked",
      message: /index\.lock/,
    });
    expect([repository.at("main"), repository.read("player.ts")]).toEqual([main, "export const jump = 1;\n"]);
    rmSync(join(repository.folder, ".git/index.lock"));
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
  });

  it("may not be written to", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    renameSync(join(repository.folder, ".git/refs"), join(repository.folder, ".git/refs-away"));
    writeFileSync(join(repository.folder, ".git/refs"), "");
    await expect(workspace.open(taskOf("task_1"))).rejects.toMatchObject({ name: "AgentError" });
  });

  it("is in the middle of a merge of the person's", async () => {
    const { repository, workspace } = await diverged();
    expect(() => repository.git("merge", "other")).toThrow();
    const before = repository.own();
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "checkout_busy",
    });
    expect(repository.own()).toEqual(before);
  });

  it("is in the middle of a rebase of the person's", async () => {
    const { repository, workspace } = await diverged();
    expect(() => repository.git("rebase", "other")).toThrow();
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "checkout_busy",
    });
    repository.git("rebase", "--abort");
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
  });
});

describe("what a server asks for", () => {
  it("is no branch but the task's own", async () => {
    const repository = smallRepository();
    repository.git("branch", "secret");
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    for (const branch of ["secret", "agentvm/task_2", "agentvm/task_1.x", "agentvm/../secret"]) {
      const changes = {
        branch,
        base: "main",
        commit: null,
        files: [],
        insertions: 0,
        deletions: 0,
        review: "open" as const,
      };
      await expect(workspace.review(taskOf("task_1", { changes }), "accept", null)).rejects.toMatchObject({
        code: "changes_gone",
      });
    }
  });

  it("is not taken while the task is worked on", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await workspace.open(taskOf("task_1"));
    await expect(workspace.review(taskOf("task_1"), "discard", null)).rejects.toMatchObject({
      code: "still_working",
    });
  });
});

it("deletes a worktree in which the agent has made folders that may not be written to", async () => {
  const repository = smallRepository();
  const workspace = await repository.open();
  const place = await workspace.open(taskOf("task_1"));
  writeIn(place.directory, "cache/deep/file", "x");
  chmodSync(join(place.directory, "cache/deep"), 0o555);
  await place.commit("Jump", "Ada");
  expect(existsSync(place.directory)).toBe(false);
});
