import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../../server/src/workspace/open-workspace.js";
import { PersonsRepository, smallRepository, taskOf, temporaryFolder, writeIn } from "./support.js";

/** A folder that is no repository. */
function plainFolder(): PersonsRepository {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "notes"));
  writeIn(folder, "notes/one.txt", "one\n");
  return new PersonsRepository(join(folder, "notes"), join(folder, "home"));
}

describe("a task in the folder itself", () => {
  it("says what it has changed, and leaves it there", async () => {
    const folder = plainFolder();
    const workspace = await folder.open({ inPlace: true });
    const place = await workspace.open(taskOf("task_1"));
    expect(place.directory).toBe(folder.folder);
    folder.write("one.txt", "one\nand more\n");
    folder.write("two.txt", "two\n");
    const changes = await place.commit("Two", "Ada");
    expect(changes?.files).toEqual([
      { path: "one.txt", status: "modified", insertions: 1, deletions: 0 },
      { path: "two.txt", status: "added", insertions: 1, deletions: 0 },
    ]);
    expect([changes?.commit, folder.read("two.txt"), folder.has(".git")]).toEqual([null, "two\n", false]);
  });

  it("says what it has deleted, and nothing of what was changed before", async () => {
    const folder = plainFolder();
    const workspace = await folder.open({ inPlace: true });
    const first = await workspace.open(taskOf("task_1"));
    folder.write("two.txt", "two\n");
    await first.commit("Two", "Ada");
    const second = await workspace.open(taskOf("task_2"));
    rmSync(join(folder.folder, "one.txt"));
    expect((await second.commit("No one", "Ada"))?.files.map(({ path, status }) => [path, status])).toEqual([
      ["one.txt", "deleted"],
    ]);
  });

  it("leaves a repository's commits and index alone, and repositories within it", async () => {
    const repository = smallRepository();
    mkdirSync(join(repository.folder, "inner"));
    repository.gitIn(join(repository.folder, "inner"), "init", "--quiet");
    repository.write("inner/mine.txt", "mine");
    const before = repository.own();
    const workspace = await repository.open({ inPlace: true });
    const place = await workspace.open(taskOf("task_1"));
    repository.write("player.ts", "changed\n");
    const changes = await place.commit("Jump", "Ada");
    expect(changes?.files.map(({ path }) => path)).toEqual(["player.ts"]);
    expect(repository.own()).toMatchObject({ head: before.head, index: before.index, stash: before.stash });
    expect(repository.has("inner/.git/HEAD")).toBe(true);
  });

  it("lets one task work at a time, also of another worker", async () => {
    const folder = plainFolder();
    const [one, other] = [await folder.open({ inPlace: true }), await folder.open({ inPlace: true })];
    expect(one.atOnce).toBe(1);
    const place = await one.open(taskOf("task_1"));
    for (const workspace of [one, other])
      await expect(workspace.open(taskOf("task_2"))).rejects.toMatchObject({ code: "folder_busy" });
    await place.remove();
    await expect(other.open(taskOf("task_2"))).resolves.toBeDefined();
  });

  it("has nothing to discard", async () => {
    const folder = plainFolder();
    const workspace = await folder.open({ inPlace: true });
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    await expect(workspace.review(taskOf("task_1"), "discard", null)).rejects.toMatchObject({
      code: "no_review",
    });
  });

  it("works on where there is too much to compare, and says so", async () => {
    const folder = plainFolder();
    for (let count = 0; count < 20_001; count += 1) folder.write(`many/${count % 50}/${count}`, "");
    const workspace = await folder.open({ inPlace: true });
    const place = await workspace.open(taskOf("task_1"));
    expect(place.note).toContain("It has 20002 files");
    expect(await place.commit("Much", "Ada")).toBeNull();
  });

  it("is no folder: says so", async () => {
    const folder = plainFolder();
    await expect(
      openWorkspace(join(folder.folder, "one.txt"), { environment: folder.environment, inPlace: true }),
    ).rejects.toMatchObject({ code: "no_folder" });
  });
});
