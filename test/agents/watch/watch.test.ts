import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { start } from "../../cli/harness.js";
import { gameRoom, person, session } from "./support.js";

const AGENTVM = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

const SCENARIOS = `
scenarios:
  - prompt: jump
    steps:
      - say: I look at the jump.
      - read: player.ts
      - helper: { name: Scout, prompt: look around, steps: [{ read: player.ts }, { say: It is there. }] }
      - run: timeout 20 bash -c 'until test -e go; do sleep 0.05; done'
      - say: The jump is higher now.
`;

describe("agentvm watch", { timeout: 60_000 }, () => {
  it("shows a session of the real claude: its prompt, what it does, who helps, what waits, and its end", async () => {
    const { server, agentvm, states, made, heard } = await gameRoom();
    const desk = person();
    const watching = desk.watch("--endpoint", server.url, "--yes", "--json");
    await watching.waitFor("watching");
    const claude = await session(desk, SCENARIOS, "Fix the jump, sk-ant-api03-7f3a9c2e5b8d7f3a9c2e5b8d");

    const asked = await heard(({ type }) => type === "task.question");
    expect(asked.data).toMatchObject({
      question: {
        kind: "permission",
        options: [],
        about: { command: "timeout 20 bash -c 'until test -e go; do sleep 0.05; done'" },
      },
    });
    const [agent] = await agentvm.agents.list();
    expect(agent).toMatchObject({ name: "my game", type: "claude", state: "waiting" });
    claude.answer("allow");
    const answered = await heard(({ type }) => type === "task.answered");
    expect(answered.data).toMatchObject({ by: "worker" });
    // It is seen at once that it goes on, and not when the command has ended.
    writeFileSync(join(desk.repository, "go"), "");

    const done = await heard(({ type }) => type === "task.completed");
    expect(done.data).toMatchObject({
      result: { success: true, output: "I look at the jump.\nThe jump is higher now.\n" },
    });
    await heard(
      ({ type, data }) => type === "agent.removed" && JSON.stringify(data).includes(String(agent?.id)),
    );
    expect(await claude.over).toBe(0);

    const [task] = await agentvm.tasks.list();
    expect(task).toMatchObject({ work: "observed", prompt: "Fix the jump, [redacted]" });
    expect(states).toContain("coding");
    expect(states.at(-1)).toBe("idle");
    expect(made).toMatchObject([{ parent_agent_id: null }, { name: "Scout", parent_agent_id: agent?.id }]);

    watching.stop();
    expect((await watching.finished).code).toBe(0);
    const settings = join(desk.repository, ".claude", "settings.local.json");
    expect(readFileSync(settings, "utf8")).toContain("hook.mjs");
    expect((await desk.watch("--remove").finished).out).toContain("taken out");
    expect(existsSync(join(desk.repository, ".claude"))).toBe(false);
  });

  it("shows a session once after it was killed and started anew, and no more when the session was killed", async () => {
    const { server, agentvm, heard } = await gameRoom();
    const desk = person();
    const args = ["watch", "--endpoint", server.url, "--yes", "--json"];
    const first = spawn(process.execPath, [AGENTVM, ...args], { cwd: desk.repository, env: desk.env });
    onTestFinished(() => void first.kill("SIGKILL"));
    await new Promise((resolve) => first.stdout.once("data", resolve));
    const claude = await session(desk, SCENARIOS, "Fix the jump");
    await heard(({ type }) => type === "task.question");
    const [agent] = await agentvm.agents.list();
    first.kill("SIGKILL");
    await new Promise((resolve) => first.once("close", resolve));

    const second = desk.watch("--endpoint", server.url, "--yes", "--json");
    await second.waitFor("watching");
    const third = desk.watch("--endpoint", server.url, "--yes");
    expect((await third.finished).err).toContain("Somebody watches on this machine already.");
    await heard(({ type }) => type === "task.question", 2);
    expect(await agentvm.agents.list()).toMatchObject([{ id: agent?.id, state: "waiting" }]);
    claude.kill();
    await heard(
      ({ type, data }) => type === "agent.removed" && JSON.stringify(data).includes(String(agent?.id)),
    );
    expect((await agentvm.agents.list()).filter(({ type }) => type === "claude")).toEqual([]);
    second.stop();
    await second.finished;
  });

  it("goes by the transcripts where there are no hooks, and writes nothing", async () => {
    const { server, agentvm, heard } = await gameRoom();
    const desk = person();
    const watching = desk.watch("--endpoint", server.url, "--no-hooks", "--json");
    await watching.waitFor("watching");
    expect(existsSync(join(desk.repository, ".claude"))).toBe(false);
    const claude = await session(desk, SCENARIOS.replace(/^.*- run: .*\n/m, ""), "Fix the jump");
    await claude.over;
    const done = await heard(({ type }) => type === "task.completed");
    expect(done.data).toMatchObject({
      result: { output: "I look at the jump.\nThe jump is higher now.\n" },
    });
    expect(await agentvm.tasks.list()).toMatchObject([{ prompt: "Fix the jump", work: "observed" }]);
    watching.stop();
    await watching.finished;
  });

  it("puts hooks in only when somebody agrees to it", async () => {
    const desk = person();
    const settings = join(desk.repository, ".claude", "settings.local.json");
    const refused = await desk.watch("--endpoint", "http://127.0.0.1:9").finished;
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("--yes where there is no terminal");
    expect(existsSync(settings)).toBe(false);
    const { env, repository: cwd } = desk;
    const no = await start(["watch", "--endpoint", "http://127.0.0.1:9"], { env, cwd, types: ["n"] })
      .finished;
    expect(no.code).toBe(2);
    expect(existsSync(settings)).toBe(false);
    await start(["watch", "--endpoint", "http://127.0.0.1:9"], { env, cwd, types: ["y"] }).finished;
    expect(existsSync(settings)).toBe(true);
  });

  it.each([
    ["that are no JSON", (path: string) => writeFileSync(path, "{ oops"), "it is no JSON"],
    [
      "that may only be read",
      (path: string) => {
        writeFileSync(path, "{}");
        chmodSync(path, 0o444);
      },
      "it may only be read",
    ],
  ])("changes no settings %s, and says what to do", async (_what, write, why) => {
    const desk = person();
    const folder = join(desk.repository, ".claude");
    mkdirSync(folder);
    const path = join(folder, "settings.local.json");
    write(path);
    const before = readFileSync(path, "utf8");
    const { code, err } = await desk.watch("--endpoint", "http://127.0.0.1:9", "--yes").finished;
    expect(code).toBe(3);
    expect(err).toContain(why);
    expect(err).toContain("--no-hooks");
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("tells that the settings are in git, and forgets a project that is gone", async () => {
    const desk = person();
    mkdirSync(join(desk.repository, ".claude"));
    writeFileSync(join(desk.repository, ".claude", "settings.local.json"), "{}\n");
    desk.git("add", "-Af");
    desk.git("commit", "-qm", "Settings");
    const { err } = await desk.watch("--endpoint", "http://127.0.0.1:9", "--yes").finished;
    expect(err).toContain("is in git");
    rmSync(join(desk.repository, ".claude"), { recursive: true });
    const { code, out } = await desk.watch("--remove").finished;
    expect(code).toBe(0);
    expect(out).toContain("is gone, and the hooks with it");
  });

  it("wants to know the game on a server elsewhere", async () => {
    const { code, err } = await person().watch("--endpoint", "https://agents.example.com", "--yes").finished;
    expect(code).toBe(2);
    expect(err).toContain("--game ID");
  });
});
