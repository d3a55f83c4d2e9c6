import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Place } from "../../../server/src/workspace/workspace.js";
import { doTask, smallRepository, taskOf, withProgram, writeIn } from "./support.js";
import type { PersonsRepository } from "./support.js";

interface Work {
  readonly repository: PersonsRepository;
  readonly place: Place;
  /** Calls git in the worktree, as an agent does. */
  git(...args: string[]): string;
  write(path: string, text: string | Buffer): void;
}

/** What a task comes to in whose place this is done. */
async function changesAfter(
  work: (at: Work) => void,
  repository: PersonsRepository = smallRepository(),
): Promise<{
  repository: PersonsRepository;
  files: Record<string, string>;
  diff: string;
  commit: string;
  accepted: readonly string[];
}> {
  const workspace = await repository.open();
  const place = await workspace.open(taskOf("task_1"));
  work({
    repository,
    place,
    git: (...args) => repository.gitIn(place.directory, ...args),
    write: (path, text) => writeIn(place.directory, path, text),
  });
  const changes = await place.commit("Do it", "Ada");
  if (changes === null) throw new Error("Nothing has changed.");
  expect(existsSync(place.directory)).toBe(false);
  const accepted = await workspace.review(taskOf("task_1"), "accept", null);
  expect(repository.git("status", "--porcelain")).toBe("");
  const files = Object.fromEntries(
    changes.files.map(({ path, status, insertions, deletions }) => [
      path,
      `${status} +${insertions} -${deletions}`,
    ]),
  );
  return { repository, files, diff: changes.diff, commit: changes.commit ?? "", accepted };
}

describe("what a task has changed", () => {
  it("is told file by file, with lines and as a diff, and committed in the agent's name", async () => {
    const { repository, files, diff, commit } = await changesAfter(({ place, write }) => {
      write("player.ts", "export const jump = 2;\nexport const run = 3;\n");
      write("new/enemy.ts", "export {};\n");
      rmSync(join(place.directory, "art/tree.txt"));
    });
    expect(files).toEqual({
      "player.ts": "modified +2 -1",
      "new/enemy.ts": "added +1 -0",
      "art/tree.txt": "deleted +0 -1",
    });
    expect(diff).toContain(
      "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1,2 @@\n-export const jump = 1;\n+export const jump = 2;",
    );
    expect(repository.git("log", "-1", "--format=%an|%cn|%s", commit)).toBe("Ada|agentvm|Do it");
  });

  it("is nothing where nothing has changed, and no branch is left", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    expect(await doTask(workspace, "task_1", {})).toBeNull();
    expect(repository.branches()).toEqual([]);
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "changes_gone",
    });
  });

  it("is nothing where the agent has committed and taken it back", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const place = await workspace.open(taskOf("task_1"));
    writeIn(place.directory, "player.ts", "no\n");
    repository.gitIn(place.directory, "commit", "--all", "--message", "No");
    repository.gitIn(place.directory, "revert", "--no-edit", "HEAD");
    expect(await place.commit("Do it", "Ada")).toBeNull();
  });

  it("follows a file that was renamed", async () => {
    const { files } = await changesAfter(({ place }) =>
      renameSync(join(place.directory, "player.ts"), join(place.directory, "hero.ts")),
    );
    expect(files).toEqual({ "hero.ts": "renamed +0 -0" });
  });

  it("follows a file that was renamed in case alone", async () => {
    const { files, repository } = await changesAfter(({ place }) =>
      renameSync(join(place.directory, "player.ts"), join(place.directory, "Player.ts")),
    );
    expect(files).toEqual({ "Player.ts": "renamed +0 -0" });
    expect([repository.has("Player.ts"), repository.has("player.ts")]).toEqual([true, false]);
  });

  it("has files that are no text, without lines", async () => {
    const { files, diff, repository } = await changesAfter(({ write }) =>
      write("art/tree.png", Buffer.from([0, 255, 0, 1])),
    );
    expect(files).toEqual({ "art/tree.png": "added +0 -0" });
    expect(diff).toContain("Binary files /dev/null and b/art/tree.png differ");
    expect(readFileSync(join(repository.folder, "art/tree.png"))).toEqual(Buffer.from([0, 255, 0, 1]));
  });

  it("has what may be executed, and symbolic links as links", async () => {
    const { files, repository } = await changesAfter(({ place, write }) => {
      write("run.sh", "#!/bin/sh\n");
      chmodSync(join(place.directory, "run.sh"), 0o755);
      symlinkSync("player.ts", join(place.directory, "link.ts"));
      chmodSync(join(place.directory, "readme.md"), 0o755);
    });
    expect(files).toEqual({
      "run.sh": "added +1 -0",
      "link.ts": "added +1 -0",
      "readme.md": "modified +0 -0",
    });
    expect(lstatSync(join(repository.folder, "link.ts")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(repository.folder, "run.sh")).mode & 0o111).toBe(0o111);
  });

  it("leaves out what is ignored, and folders with nothing in them", async () => {
    const repository = smallRepository();
    repository.write(".gitignore", "*.log\n");
    repository.commit();
    const { files } = await changesAfter(({ place, write }) => {
      write("debug.log", "noise");
      mkdirSync(join(place.directory, "empty/within"), { recursive: true });
      write("kept.txt", "kept\n");
    }, repository);
    expect(files).toEqual({ "kept.txt": "added +1 -0" });
  });

  it("has a folder in the place of a file, and a file in the place of a folder", async () => {
    const { files, repository } = await changesAfter(({ place, write }) => {
      rmSync(join(place.directory, "player.ts"));
      write("player.ts/index.ts", "a folder now\n");
      rmSync(join(place.directory, "art"), { recursive: true });
      write("art", "a file now\n");
    });
    expect(Object.keys(files).sort()).toEqual(["art", "art/tree.txt", "player.ts", "player.ts/index.ts"]);
    expect([repository.read("art"), repository.read("player.ts/index.ts")]).toEqual([
      "a file now\n",
      "a folder now\n",
    ]);
  });

  it("has files of any name", async () => {
    const names = [
      'a "quoted" one',
      "two\nlines",
      "tab\there",
      "schön.txt",
      "-flag",
      ":(glob)x",
      "*",
      "sp ace",
      "\\b",
    ];
    const { files, repository, diff } = await changesAfter(({ write }) => {
      for (const name of names) write(name, `${name}\n`);
    });
    expect(Object.keys(files).sort()).toEqual([...names].sort());
    expect(names.map((name) => repository.read(name))).toEqual(names.map((name) => `${name}\n`));
    expect(diff).toContain("+++ b/schön.txt");
  });

  it("has what the agent has committed itself, and what it has not", async () => {
    const { files, repository, commit } = await changesAfter(({ git, write }) => {
      write("player.ts", "committed\n");
      git("commit", "--quiet", "--all", "--message", "By myself");
      write("readme.md", "not committed\n");
    });
    expect(Object.keys(files)).toEqual(["player.ts", "readme.md"]);
    expect(repository.git("log", "--format=%s", commit)).toBe("Do it\nBy myself\nBegin the game");
  });

  it("has what the agent has done on another branch, or on none", async () => {
    const { files, repository } = await changesAfter(({ git, write }) => {
      git("switch", "--quiet", "--create", "my-own");
      write("player.ts", "on my own\n");
      git("commit", "--quiet", "--all", "--message", "Mine");
      git("checkout", "--quiet", "--detach");
      write("readme.md", "on none\n");
      git("commit", "--quiet", "--all", "--message", "Nobody's");
    });
    expect(Object.keys(files)).toEqual(["player.ts", "readme.md"]);
    expect(repository.read("readme.md")).toBe("on none\n");
  });

  it("takes nothing back of the base where the agent has reset its branch", async () => {
    const repository = smallRepository();
    repository.write("readme.md", "A good game.\n");
    repository.commit();
    const { files } = await changesAfter(({ git, write }) => {
      git("reset", "--hard", "--quiet", "HEAD~1");
      write("readme.md", "A good game.\n");
      write("player.ts", "after all\n");
      git("commit", "--quiet", "--all", "--message", "Anew");
    }, repository);
    expect(files).toEqual({ "player.ts": "modified +1 -1" });
  });

  it("has what an unfinished merge has left, markers and all", async () => {
    const { files, diff } = await changesAfter(({ git, write }) => {
      write("player.ts", "mine\n");
      git("commit", "--quiet", "--all", "--message", "Mine");
      git("switch", "--quiet", "--create", "other", "HEAD~1");
      write("player.ts", "other\n");
      git("commit", "--quiet", "--all", "--message", "Other");
      expect(() => git("merge", "agentvm/task_1")).toThrow();
    });
    expect(Object.keys(files)).toEqual(["player.ts"]);
    expect(diff).toContain("+<<<<<<< HEAD");
  });

  it("solves a conflict with the base where the agent has merged that in and not committed", async () => {
    const repository = smallRepository();
    const { files, accepted, commit } = await changesAfter(({ git, write }) => {
      write("player.ts", "mine\n");
      git("commit", "--quiet", "--all", "--message", "Mine");
      repository.write("player.ts", "theirs\n");
      repository.commit("Theirs");
      expect(() => git("merge", "main")).toThrow();
      write("player.ts", "both\n");
      git("add", "player.ts");
    }, repository);
    expect([accepted, files]).toEqual([[], { "player.ts": "modified +1 -1" }]);
    expect(repository.git("log", "-1", "--format=%P", commit).split(" ")).toHaveLength(2);
    expect(repository.read("player.ts")).toBe("both\n");
  });

  it("has the files of repositories that the agent has made within", async () => {
    const { files } = await changesAfter(({ place, git, write }) => {
      write("made/index.ts", "made\n");
      repositoryIn(join(place.directory, "made"));
      write("made/deeper/more.ts", "more\n");
      repositoryIn(join(place.directory, "made/deeper"));
      write("added/index.ts", "added\n");
      repositoryIn(join(place.directory, "added"));
      git("-C", "added", "add", ".");
      git("-C", "added", "commit", "--quiet", "--message", "Inner");
      git("add", "added");
    });
    expect(Object.keys(files).sort()).toEqual(["added/index.ts", "made/deeper/more.ts", "made/index.ts"]);
  });

  it("is there although the agent has deleted git's file, or made a repository of its own of the worktree", async () => {
    const { files } = await changesAfter(({ place, write }) => {
      write("player.ts", "better\n");
      rmSync(join(place.directory, ".git"));
      repositoryIn(place.directory);
    });
    expect(files).toEqual({ "player.ts": "modified +1 -1" });
  });

  it("is there although the agent's git was killed and has left its lock", async () => {
    const { files } = await changesAfter(({ git, write }) => {
      write("player.ts", "better\n");
      writeFileSync(join(git("rev-parse", "--absolute-git-dir"), "index.lock"), "");
    });
    expect(files).toEqual({ "player.ts": "modified +1 -1" });
  });

  it("is found where a file was changed at once, to something as long as before", async () => {
    for (let count = 0; count < 5; count += 1) {
      const { files } = await changesAfter(({ write }) => write("player.ts", "export const jump = 9;\n"));
      expect(files).toEqual({ "player.ts": "modified +1 -1" });
    }
  });

  it("is told in part where the diff is longer than 1 MiB", async () => {
    const { diff, files } = await changesAfter(({ write }) =>
      write("big.txt", "a line of text\n".repeat(100_000)),
    );
    expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(1_048_576);
    expect(diff.endsWith("+a line of text\n\\ The diff goes on; what follows is left out here.\n")).toBe(
      true,
    );
    expect(files).toEqual({ "big.txt": "added +100000 -0" });
  });

  it("has 5,000 files, of which 1,000 are named and all are counted", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const place = await workspace.open(taskOf("task_1"));
    for (let count = 0; count < 5_000; count += 1)
      writeIn(place.directory, `many/${count % 50}/${count}.txt`, "one\n");
    const changes = await place.commit("Much", "Ada");
    expect([changes?.files.length, changes?.insertions]).toEqual([1_000, 5_000]);
    await workspace.review(taskOf("task_1"), "accept", null);
    expect(repository.git("ls-files", "many").split("\n")).toHaveLength(5_000);
  });

  it("runs no hooks, which fail here", async () => {
    const repository = smallRepository();
    for (const hook of [
      "pre-commit",
      "commit-msg",
      "post-checkout",
      "reference-transaction",
      "pre-merge-commit",
    ]) {
      writeFileSync(join(repository.folder, ".git/hooks", hook), `#!/bin/sh\nexit 1\n`);
      chmodSync(join(repository.folder, ".git/hooks", hook), 0o755);
    }
    const { files } = await changesAfter(({ write }) => write("player.ts", "better\n"), repository);
    expect(files).toEqual({ "player.ts": "modified +1 -1" });
  });

  it("is the same whatever the person has set for themselves", async () => {
    const repository = smallRepository();
    for (const [name, value] of [
      ["commit.gpgSign", "true"],
      ["gpg.program", "/nowhere/gpg"],
      ["core.autocrlf", "true"],
      ["core.hooksPath", "/nowhere"],
      ["core.ignoreStat", "true"],
      ["core.pager", "/nowhere/less"],
      ["color.ui", "always"],
      ["diff.external", "/nowhere/diff"],
      ["diff.noprefix", "true"],
      ["diff.mnemonicPrefix", "true"],
      ["merge.ff", "false"],
      ["merge.verifySignatures", "true"],
      ["status.showUntrackedFiles", "all"],
      ["core.quotePath", "true"],
    ] as const)
      repository.git("config", "--global", name, value);
    repository.git("config", "--local", "merge.ff", "only");
    const { diff, repository: after } = await changesAfter(
      ({ write }) => write("schön.ts", "a\r\nb\n"),
      repository,
    );
    expect(diff).toContain("+++ b/schön.ts\n@@ -0,0 +1,2 @@\n+a\r\n+b\n");
    expect(after.show("main", "schön.ts")).toBe("a\r\nb\n");
  });

  it("has the name of an agent whom git would not name", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    for (const [id, name, expected] of [
      ["task_1", "Ada <ada>\nLovelace", "Ada ada Lovelace"],
      ["task_2", "...", "agentvm"],
      ["task_3", "", "agentvm"],
    ] as const) {
      const place = await workspace.open(taskOf(id));
      writeIn(place.directory, "player.ts", id);
      const changes = await place.commit("A message\0 with NUL", name);
      expect(repository.git("log", "-1", "--format=%an", changes?.commit ?? "")).toBe(expected);
    }
  });
});

describe("submodules and large files", () => {
  it("keeps a submodule as it is", async () => {
    const repository = smallRepository();
    const other = smallRepository();
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.folder, "engine");
    repository.commit("Add the engine");
    const { files } = await changesAfter(({ write }) => write("player.ts", "better\n"), repository);
    expect(files).toEqual({ "player.ts": "modified +1 -1" });
    expect(repository.git("submodule", "status")).toContain(" engine ");
  });

  it("has a submodule that was moved to another commit", async () => {
    const repository = smallRepository();
    const other = smallRepository();
    const first = other.at("HEAD");
    other.write("engine.ts", "faster");
    other.commit();
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.folder, "engine");
    repository.commit("Add the engine");
    const { files } = await changesAfter(
      ({ git }) => {
        git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        git("-C", "engine", "checkout", "--quiet", first);
      },
      withoutStatusOf("engine", repository),
    );
    expect(files).toEqual({ engine: "modified +1 -1" });
    expect(repository.git("ls-tree", "main", "engine")).toContain(first);
  });

  it("keeps what was committed in a submodule, which is there when the person updates it", async () => {
    const repository = smallRepository();
    const other = smallRepository();
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.folder, "engine");
    repository.commit("Add the engine");
    const { files } = await changesAfter(
      ({ git, write }) => {
        git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        write("engine/player.ts", "faster\n");
        git("-C", "engine", "commit", "--quiet", "--all", "--message", "Faster");
      },
      withoutStatusOf("engine", repository),
    );
    expect(files).toEqual({ engine: "modified +1 -1" });
    repository.git("submodule", "--quiet", "update", "--no-fetch");
    expect(repository.read("engine/player.ts")).toBe("faster\n");
  });

  it("keeps large files as pointers where the program for them is missing", async () => {
    const repository = smallRepository();
    repository.git("config", "--global", "filter.lfs.required", "true");
    repository.git("config", "--global", "filter.lfs.smudge", "no-such-git-lfs smudge -- %f");
    repository.git("config", "--global", "filter.lfs.clean", "cat");
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    repository.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    repository.write("art/tree.bin", pointer);
    repository.commit();
    repository.git("config", "--global", "filter.lfs.clean", "no-such-git-lfs clean -- %f");
    const workspace = await repository.open();
    const changes = await doTask(workspace, "task_1", { "player.ts": "better\n" });
    expect(changes?.files.map(({ path }) => path)).toEqual(["player.ts"]);
    expect(repository.show(changes?.commit ?? "", "art/tree.bin")).toBe(pointer);
  });

  it("commits pointers to large files where the program for them is there", async () => {
    const repository = smallRepository();
    repository.write(".gitattributes", "*.bin filter=lfs -text\n");
    repository.commit();
    const environment = withProgram(
      repository,
      "git-lfs",
      'cat >/dev/null; echo "version https://git-lfs.github.com/spec/v1"',
    );
    repository.git("config", "--global", "filter.lfs.required", "true");
    repository.git("config", "--global", "filter.lfs.clean", "git-lfs clean -- %f");
    repository.git("config", "--global", "filter.lfs.smudge", "cat");
    const workspace = await repository.open({ environment });
    const changes = await doTask(workspace, "task_1", { "art/tree.bin": "large".repeat(1_000) });
    expect(repository.show(changes?.commit ?? "", "art/tree.bin")).toBe(
      "version https://git-lfs.github.com/spec/v1\n",
    );
  });
});

function repositoryIn(folder: string): void {
  execFileSync("git", ["init", "--quiet", folder], { stdio: "ignore" });
  for (const [name, value] of [
    ["user.name", "Inner"],
    ["user.email", "inner@example.com"],
  ] as const)
    execFileSync("git", ["-C", folder, "config", name, value]);
}

/** Leaves a submodule out of what the person sees as changed: its own checkout follows only when they update it. */
function withoutStatusOf(name: string, repository: PersonsRepository): PersonsRepository {
  repository.git("config", `submodule.${name}.ignore`, "all");
  return repository;
}
