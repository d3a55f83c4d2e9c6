import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { doTask, impatientClock, smallRepository, taskOf } from "./support.js";
import type { PersonsRepository } from "./support.js";

const DAY_MS = 86_400_000;

/** Starts another worker on a repository. Gives what it says until the line that is waited for, and its process. */
async function anotherWorker(
  repository: PersonsRepository,
  args: readonly string[],
  until: string | null,
): Promise<{ lines: string[]; child: ChildProcess }> {
  const program = join(import.meta.dirname, "worker-of-its-own.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, repository.folder, ...args], {
    env: repository.environment,
    cwd: join(import.meta.dirname, "../../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === until) break;
    lines.push(line);
  }
  return { lines, child };
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

describe("what a killed worker has left", { timeout: 60_000 }, () => {
  it("is committed to its branch where something was done, and its worktree is gone", async () => {
    const repository = smallRepository();
    const { lines, child } = await anotherWorker(repository, ["work", "task_1"], "working");
    const workspace = await repository.open();
    await workspace.settle();
    // It is alive: what it works on is left alone.
    expect(existsSync(lines[0] ?? "")).toBe(true);
    await expect(workspace.review(taskOf("task_1"), "discard", null)).rejects.toMatchObject({
      code: "still_working",
    });
    await killed(child);
    await workspace.settle();
    expect(existsSync(lines[0] ?? "")).toBe(false);
    expect(repository.show("agentvm/task_1", "player.ts")).toBe("half of task_1\n");
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("can be accepted before it was settled", async () => {
    const repository = smallRepository();
    const { child } = await anotherWorker(repository, ["work", "task_1"], "working");
    await killed(child);
    const workspace = await repository.open();
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(repository.read("player.ts")).toBe("half of task_1\n");
  });

  it("is left alone where somebody has locked the worktree", async () => {
    const repository = smallRepository();
    const { lines, child } = await anotherWorker(repository, ["work", "task_1"], "working");
    await killed(child);
    const [directory = ""] = lines;
    repository.git("worktree", "lock", directory);
    const workspace = await repository.open();
    await workspace.settle();
    expect(existsSync(directory)).toBe(true);
    repository.git("worktree", "unlock", directory);
    await workspace.settle();
    expect(existsSync(directory)).toBe(false);
  });

  it("is in nobody's way when the same task is begun again", async () => {
    const repository = smallRepository();
    const { child } = await anotherWorker(repository, ["work", "task_1"], "working");
    await killed(child);
    const workspace = await repository.open();
    const again = await doTask(workspace, "task_1", { "player.ts": "whole\n" });
    await workspace.settle();
    expect(repository.branches()).toEqual(["agentvm/task_1", "agentvm/task_1.2"]);
    expect(again?.branch).toBe("agentvm/task_1.2");
  });

  it("holds no lock", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    const { child } = await anotherWorker(repository, ["work", "task_2"], "working");
    const owner = readOwner(repository);
    await killed(child);
    writeFileSync(join(repository.folder, ".git/agentvm/lock"), JSON.stringify(owner));
    expect(await workspace.review(taskOf("task_1"), "accept", null)).toEqual([]);
    expect(readdirSync(join(repository.folder, ".git/agentvm"))).toEqual(["tasks"]);
  });
});

describe("work that nobody has reviewed", () => {
  it("is kept for thirty days, and deleted then", async () => {
    const repository = smallRepository();
    let now = Date.now();
    const clock = { ...impatientClock(), now: () => now };
    const workspace = await repository.open({ clock });
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    now += 30 * DAY_MS;
    await workspace.settle();
    expect(repository.branches()).toEqual(["agentvm/task_1"]);
    now += 1;
    await workspace.settle();
    expect(repository.branches()).toEqual([]);
    await expect(workspace.review(taskOf("task_1"), "accept", null)).rejects.toMatchObject({
      code: "changes_gone",
    });
  });

  it("is kept while somebody looks at it, however old it is, and so is what was reviewed", async () => {
    const repository = smallRepository();
    let now = Date.now();
    const clock = { ...impatientClock(), now: () => now };
    const workspace = await repository.open({ base: "main", clock });
    await doTask(workspace, "task_1", { "player.ts": "better\n" });
    await doTask(workspace, "task_2", { "readme.md": "better\n" });
    await doTask(workspace, "task_3", { "art/tree.txt": "better\n" });
    const look = (id: string) =>
      repository.git("worktree", "add", "--quiet", `../look at ${id}`, `agentvm/${id}`);
    for (const id of ["task_1", "task_2", "task_3"]) look(id);
    await workspace.review(taskOf("task_2"), "accept", null);
    await workspace.review(taskOf("task_3"), "discard", null);
    now += 31 * DAY_MS;
    await workspace.settle();
    expect(repository.branches()).toEqual(["agentvm/task_1", "agentvm/task_2", "agentvm/task_3"]);
    for (const id of ["task_1", "task_2", "task_3"]) repository.git("worktree", "remove", `../look at ${id}`);
    await workspace.settle();
    expect(repository.branches()).toEqual([]);
  });

  it("stays where the branch of the person's that is named like ours has never been a task's", async () => {
    const repository = smallRepository();
    repository.git("branch", "agentvm/mine");
    const workspace = await repository.open();
    await workspace.settle();
    expect(repository.branches()).toEqual(["agentvm/mine"]);
  });
});

describe("many tasks at once", { timeout: 120_000 }, () => {
  it("have a branch each, and the base is what it was until they are accepted", async () => {
    const repository = smallRepository();
    const before = repository.own();
    const workspace = await repository.open();
    const ids = Array.from({ length: 10 }, (_, place) => `task_${place}`);
    const done = await Promise.all(ids.map((id) => doTask(workspace, id, { [`${id}.txt`]: `${id}\n` })));
    expect(done.map((changes) => changes?.files.map(({ path }) => path))).toEqual(
      ids.map((id) => [`${id}.txt`]),
    );
    expect(repository.branches()).toEqual(ids.map((id) => `agentvm/${id}`));
    expect(repository.own()).toEqual(before);
    expect(await Promise.all(ids.map((id) => workspace.review(taskOf(id), "accept", null)))).toEqual(
      ids.map(() => []),
    );
    expect(ids.map((id) => repository.read(`${id}.txt`))).toEqual(ids.map((id) => `${id}\n`));
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("get on with those of other workers on the same repository", async () => {
    const repository = smallRepository();
    const idsOf = (worker: string) => Array.from({ length: 4 }, (_, place) => `${worker}_${place}`);
    const workers = ["a", "b", "c"];
    await Promise.all(
      workers.map((worker) => anotherWorker(repository, ["tasks", ...idsOf(worker)], "done")),
    );
    expect(repository.branches()).toHaveLength(12);
    const said = await Promise.all(
      workers.map((worker) => anotherWorker(repository, ["accept", ...idsOf(worker)], null)),
    );
    expect(said.flatMap(({ lines }) => lines)).toEqual(workers.flatMap(idsOf).map((id) => `${id} []`));
    expect(repository.git("ls-files", "*_?.txt").split("\n")).toHaveLength(12);
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("conflict where they change the same, and the second one is told so", async () => {
    const repository = smallRepository();
    const workspace = await repository.open();
    await Promise.all(["task_1", "task_2"].map((id) => doTask(workspace, id, { "player.ts": `${id}\n` })));
    const said = await Promise.all(
      ["task_1", "task_2"].map((id) => workspace.review(taskOf(id), "accept", null)),
    );
    expect(said).toEqual([[], ["player.ts"]]);
    expect([repository.read("player.ts"), repository.branches()]).toEqual(["task_1\n", ["agentvm/task_2"]]);
  });
});

/** Who works on the second task. */
function readOwner(repository: PersonsRepository): unknown {
  return JSON.parse(repository.read(".git/agentvm/tasks/task_2.json")).owner;
}
