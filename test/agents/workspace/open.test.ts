import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doTask, emptyRepository, smallRepository, taskOf, writeIn } from "./support.js";

describe("a task in a repository", () => {
  it("works in a worktree on a branch of its own, outside of the person's checkout", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const place = await workspace.open(taskOf("task_1"));
    expect(place.branch).toBe("agentvm/task_1");
    expect(place.directory.startsWith(repository.folder)).toBe(false);
    expect(readFileSync(join(place.directory, "player.ts"), "utf8")).toBe("export const jump = 1;\n");
    expect(repository.gitIn(place.directory, "branch", "--show-current")).toBe("agentvm/task_1");
  });

  it("leaves a dirty checkout as it is, its index and its stash", async () => {
    const repository = smallRepository();
    repository.write("player.ts", "stashed");
    repository.git("stash");
    repository.write("player.ts", "staged");
    repository.git("add", "player.ts");
    repository.write("player.ts", "and changed again");
    repository.write("new.txt", "not added");
    const before = repository.own();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "export const jump = 2;\n" });
    expect(repository.own()).toEqual(before);
    expect(repository.read("player.ts")).toBe("and changed again");
  });

  it("begins from the branch that is checked out, or from the one that is named", async () => {
    const repository = smallRepository();
    repository.git("branch", "old");
    repository.write("player.ts", "newer");
    repository.commit();
    const [now, old] = [await repository.open(), await repository.open({ base: "old" })];
    expect([now.base, old.base]).toEqual(["main", "old"]);
    const place = await old.open(taskOf("task_1"));
    expect(readFileSync(join(place.directory, "player.ts"), "utf8")).toBe("export const jump = 1;\n");
  });

  it("goes on where an earlier task has left off, in the folder that this one had", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const first = await workspace.open(taskOf("task_1"));
    writeIn(first.directory, "player.ts", "export const jump = 2;\n");
    await first.commit("Jump", "Ada");
    const second = await workspace.open(taskOf("task_2", { continues: "task_1" }));
    expect(second.directory).toBe(first.directory);
    expect(readFileSync(join(second.directory, "player.ts"), "utf8")).toBe("export const jump = 2;\n");
    writeIn(second.directory, "readme.md", "A better game.\n");
    const changes = await second.commit("Readme", "Ada");
    expect(changes?.files.map(({ path }) => path)).toEqual(["player.ts", "readme.md"]);
  });

  it("begins anew where what it goes on with was thrown away", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "no" });
    await workspace.review(taskOf("task_1"), "discard", null);
    const place = await workspace.open(taskOf("task_2", { continues: "task_1" }));
    expect(readFileSync(join(place.directory, "player.ts"), "utf8")).toBe("export const jump = 1;\n");
  });

  it("never takes the branch of an earlier attempt", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "first" });
    const again = await doTask(workspace, "task_1", { "player.ts": "second" });
    expect(again?.branch).toBe("agentvm/task_1.2");
    expect(repository.show("agentvm/task_1", "player.ts")).toBe("first");
  });

  it("leaves nothing of a place that is not wanted", async () => {
    const repository = smallRepository();
    const before = readdirSync(repository.folder);
    const workspace = await repository.open();
    const place = await workspace.open(taskOf("task_1"));
    writeIn(place.directory, "player.ts", "half done");
    await place.remove();
    await place.remove();
    expect(existsSync(place.directory)).toBe(false);
    expect(repository.branches()).toEqual([]);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(readdirSync(repository.folder)).toEqual(before);
  });

  it("has a beginning in a repository without commits, and is its first one when it is accepted", async () => {
    const repository = emptyRepository();
    const workspace = await repository.open();
    const changes = await doTask(workspace, "task_1", { "player.ts": "export const jump = 1;\n" });
    expect(changes?.files).toEqual([{ path: "player.ts", status: "added", insertions: 1, deletions: 0 }]);
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.read("player.ts")).toBe("export const jump = 1;\n");
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("works beside a detached head where a branch is named", async () => {
    const repository = smallRepository();
    repository.git("checkout", "--quiet", "--detach");
    const workspace = await repository.open({ base: "main" });
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    await workspace.review(taskOf("task_1"), "accept", null);
    expect(repository.show("main", "player.ts")).toBe("better\n");
    expect(repository.read("player.ts")).toBe("export const jump = 1;\n");
  });
});
