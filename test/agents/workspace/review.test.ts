import { describe, expect, it } from "vitest";
import { doTask, smallRepository, taskOf } from "./support.js";

describe("accepting what a task has changed", () => {
  it("moves the branch and the files of the checkout forward where nothing came meanwhile", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const changes = await doTask(workspace, "task_1", { "player.ts": "export const jump = 2;\n" });
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.at("main")).toBe(changes?.commit);
    expect(repository.read("player.ts")).toBe("export const jump = 2;\n");
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(repository.branches()).toEqual([]);
  });

  it("merges with what came meanwhile, in the person's name and with what they say of it", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const changes = await doTask(workspace, "task_1", { "player.ts": "export const jump = 2;\n" });
    repository.write("readme.md", "A great game.\n");
    const meanwhile = repository.commit();
    expect(await workspace.review(taskOf("task_1"), "accept", "Well done.")).toEqual([]);
    expect(repository.git("log", "-1", "--format=%P %an|%B", "main")).toBe(
      `${meanwhile} ${changes?.commit} Pia Person|Accept agentvm/task_1: Do task_1\n\nWell done.\n`,
    );
    expect(repository.read("player.ts") + repository.read("readme.md")).toBe(
      "export const jump = 2;\nA great game.\n",
    );
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("names the files in conflict and changes nothing", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "theirs\n", "art/tree.txt": "an oak\n" });
    repository.write("player.ts", "ours\n");
    repository.commit();
    const before = [repository.own(), repository.branches(), repository.at("main")];
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual(["player.ts"]);
    expect([repository.own(), repository.branches(), repository.at("main")]).toEqual(before);
  });

  it("can be tried again after a conflict", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "theirs\n" });
    repository.write("player.ts", "ours\n");
    repository.commit();
    await workspace.review(taskOf("task_1"), "accept", null);
    repository.git("revert", "--no-edit", "HEAD");
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.read("player.ts")).toBe("theirs\n");
  });

  it("keeps uncommitted changes of the person's in other files", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "theirs\n" });
    repository.write("readme.md", "half a sentence");
    repository.write("notes.txt", "mine");
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect([
      repository.read("player.ts"),
      repository.read("readme.md"),
      repository.read("notes.txt"),
    ]).toEqual(["theirs\n", "half a sentence", "mine"]);
  });

  it("is a conflict with uncommitted changes in the same files", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "theirs\n", "art/tree.txt": "an oak\n" });
    repository.write("player.ts", "half a sentence");
    const before = [repository.own(), repository.at("main")];
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual(["player.ts"]);
    expect([repository.own(), repository.at("main"), repository.read("player.ts")]).toEqual([
      ...before,
      "half a sentence",
    ]);
  });

  it.each([
    ["not added", ""],
    ["ignored", "new.txt\n"],
  ])(
    "is a conflict with a file of the person's that is %s, where a new one is to be",
    async (_what, ignored) => {
      const repository = smallRepository();
      const workspace = await repository.open();
      await doTask(workspace, "task_1", { "new.txt": "theirs\n" });
      repository.write(".gitignore", ignored);
      repository.commit();
      repository.write("new.txt", "mine");
      const main = repository.at("main");
      expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual(["new.txt"]);
      expect([repository.read("new.txt"), repository.at("main")]).toEqual(["mine", main]);
    },
  );

  it("says the same when it is repeated, also after a restart", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "theirs\n" });
    await workspace.review(taskOf("task_1"), "accept", null);
    const main = repository.at("main");
    const again = await repository.open();
    expect(await again.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.at("main")).toBe(main);
    await expect(again.review(taskOf("task_1"), "discard", null)).rejects.toMatchObject({
      code: "already_reviewed",
    });
  });
});

describe("discarding what a task has changed", () => {
  it("removes its branch and leaves the base as it was", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    const main = repository.at("main");
    await doTask(workspace, "task_1", { "player.ts": "theirs\n" });
    await workspace.review(taskOf("task_1"), "discard", "No.");
    await workspace.review(taskOf("task_1"), "discard", "No.");
    expect([repository.branches(), repository.at("main")]).toEqual([[], main]);
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "already_reviewed",
    });
  });
});
