import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskHandle } from "../../../src/index.js";
import { chromiumPath } from "../../godot/lib/page.js";
import { PLANTED_KEY } from "../support/agent-room.js";
import { desk } from "../support/desk.js";
import { latenciesOf, quantile } from "./latency.js";
import { CREW, FILES, ROUNDS, tenAtWork } from "./ten-agents-at-work.js";

const missing = chromiumPath === null && process.env["CI"] !== "true" ? " (no Chromium)" : "";

/** All that stands in the files of a folder. */
function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
}

/** All that a task has written. */
async function outputOf(task: TaskHandle): Promise<string> {
  let output = "";
  for await (const { text } of task.output(0)) output += text;
  return output;
}

// One run, which takes a while, shows all of it; the tests look at it in their order.
describe.skipIf(missing !== "")(`ten real agents at work on one repository${missing}`, () => {
  let root: string;
  let place: ReturnType<typeof desk>;
  let run: Awaited<ReturnType<typeof tenAtWork>>;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "agentvm-ten-"));
    place = desk(root);
    run = await tenAtWork(place);
  }, 180_000);

  afterAll(async () => {
    await run.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it("each come to an end on a branch of their own, and leave the base alone", () => {
    const { git } = place;
    expect(run.results.map(({ success, error }) => ({ success, error }))).toEqual(
      CREW.map(() => ({ success: true, error: null })),
    );
    expect(new Set(run.results.map(({ changes }) => changes?.branch)).size).toBe(CREW.length);
    expect(git("branch", "--list", "agentvm/*").trim().split("\n")).toHaveLength(CREW.length);
    expect(git("rev-parse", "main")).toBe(run.base);
    expect(git("status", "--porcelain")).toBe("");
  });

  it("are seen in a browser to do what they do", () => {
    const { free, held } = latenciesOf(run.tools, run.states);
    const ms = (share: number): string => `${quantile(free, share).toFixed(0)} ms`;
    console.log(
      `From a tool of an agent to its character in Chromium, ten at once: p50 ${ms(0.5)}, p99 ${ms(0.99)}, most ${ms(1)}, ` +
        `of ${free.length} tools; ${held} more came while the state before had still to be seen. Load of the machine: ${loadavg()[0]?.toFixed(1)}.`,
    );
    expect(free.length).toBeGreaterThan(FILES);
    // 300 ms is what is promised of two cores that have nothing else to do, and what is printed tells it. Held is a wide bound: a state that
    // waits for something else than its event, as a poll or a lease, is past it, and a machine that is busy with others is not.
    expect(quantile(free, 0.99)).toBeLessThan(3_000);
  });

  it("go in one after the other, but for one in conflict, of which nothing is lost", async () => {
    const { git, file } = place;
    const [one, other, ...rest] = run.tasks;
    if (one === undefined || other === undefined) throw new Error("There are not two of them.");
    await one.accept();
    const diff = await other.diff();
    await expect(other.accept()).rejects.toMatchObject({
      code: "merge_conflict",
      message: expect.stringContaining("player.ts"),
    });
    expect(file()).toBe("export const jump = 7;\n");
    expect(git("status", "--porcelain")).toBe("");
    expect(await other.diff()).toBe(diff);
    expect(git("show", `agentvm/${other.id}:player.ts`)).toBe("export const jump = 8;\n");
    for (const task of rest) await task.accept();
    expect(git("ls-files", "part-*").trim().split("\n")).toHaveLength(FILES - ROUNDS.claude);
    expect(git("branch", "--list", "agentvm/*").trim()).toBe(`agentvm/${other.id}`);
  });

  it("tell nobody the key that a command has printed and that all of them have said", async () => {
    const { git, env } = place;
    const { player, tasks, events, logs, processes } = run;
    const outputs = await Promise.all(tasks.map(outputOf));
    const [, conflicting] = tasks;
    const told = {
      events: events.join("\n"),
      outputs: outputs.join("\n"),
      tasks: JSON.stringify(await Promise.all(tasks.map(({ id }) => player.tasks.get(id)))),
      diff: (await conflicting?.diff()) ?? "",
      logs: logs.join("\n"),
      commits: git("log", "--all", "--patch", "--format=fuller"),
      remembered: textsBelow(join(env.HOME, ".local/state/agentvm")),
      "command lines": [...processes.commandLines].join("\n"),
    };
    const places = Object.entries(told).filter(([, text]) => text.includes(PLANTED_KEY));
    expect(places.map(([where]) => where)).toEqual([]);
    // What would have it is there.
    expect(outputs.filter((output) => output.includes("The key is"))).toHaveLength(CREW.length);
    expect(told.events).toContain("task.completed");
    expect(told.commits).toContain("part-09");
    expect(told["command lines"]).toContain("--permission-prompt-tool");
    expect(processes.looks).toBeGreaterThan(20);
  });
});
