import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startMockServer } from "../../mock-server/node.js";
import { AgentVM } from "../../src/index.js";
import { root } from "./samples.js";

const [, program = ""] =
  /^```python\n([^]*?)^```$/m.exec(readFileSync(join(root, "docs/workers.md"), "utf8")) ?? [];

const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** A server for workers, a client that plays, and the program of the guide as a process of its own. */
async function atWork() {
  const server = await startMockServer({
    port: 0,
    workBy: "workers",
    apiKeys: ["development-key", "desk:worker:secret-of-a-worker"],
  });
  const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
  await agentvm.connect({ game_name: "Guide" });
  const folder = mkdtempSync(join(tmpdir(), "agentvm-python-"));
  const file = join(folder, "worker.py");
  writeFileSync(file, program);
  const python = spawn("python3", [file], {
    env: {
      PATH: process.env["PATH"],
      AGENTVM_ENDPOINT: server.url,
      AGENTVM_API_KEY: "secret-of-a-worker",
    },
    stdio: "ignore",
  });
  const ended = once(python, "close");
  onTestFinished(async () => {
    python.kill("SIGKILL");
    await ended;
    await agentvm.close();
    await server.close({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });
  return { server, agentvm, python, ended };
}

describe("the worker in Python that the guide shows", () => {
  it("has at most forty lines, and imports the standard library alone", () => {
    expect(program.split("\n").length - 1).toBeLessThanOrEqual(40);
    const imports = [...program.matchAll(/^(?:import|from) (.*)$/gm)].map(([, names]) => names);
    expect(imports).toEqual(["json, os, time, urllib.error, urllib.request, uuid"]);
  });

  it.skipIf(!hasPython)("does tasks, and asks the player", { timeout: 60_000 }, async () => {
    const { agentvm } = await atWork();
    const agent = await agentvm.agents.create("custom");
    for (const [choice, output] of [
      ["loud", "FIX THE JUMP\n"],
      ["quiet", "fix the jump\n"],
    ] as const) {
      const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the Jump" });
      for await (const question of task.questions()) {
        expect(question).toMatchObject({ kind: "choice", text: "Loud or quiet?" });
        await task.answer({ choice });
      }
      expect(await task.result()).toMatchObject({ success: true, output: `reading\n${output}` });
    }
  });

  it.skipIf(!hasPython)("goes on after a task that was cancelled", { timeout: 60_000 }, async () => {
    const { agentvm } = await atWork();
    const agent = await agentvm.agents.create("custom");
    const cancelled = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Never mind" });
    for await (const _question of cancelled.questions()) await cancelled.cancel();
    const next = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the Jump" });
    for await (const _question of next.questions()) await next.answer({ choice: "quiet" });
    expect((await next.result()).output).toBe("reading\nfix the jump\n");
  });

  it.skipIf(!hasPython)(
    "leaves when it is stopped, and gives back what it had",
    { timeout: 60_000 },
    async () => {
      const { server, agentvm, python, ended } = await atWork();
      const agent = await agentvm.agents.create("custom");
      const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
      for await (const _question of task.questions()) break;
      python.kill("SIGINT");
      await ended;
      const looking = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
      expect(await looking.workers.list()).toEqual([]);
      await looking.close();
      expect(await agentvm.tasks.get(task.id)).toMatchObject({ status: "assigned", attempt: 2 });
    },
  );
});
