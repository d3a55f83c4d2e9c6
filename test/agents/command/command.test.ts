import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startMockServer } from "../../../mock-server/node.js";
import { AgentVM } from "../../../src/index.js";
import { start } from "../../cli/harness.js";
import { addressOf, desk } from "../support/desk.js";

/** A game that gives one task to an agent of type claude, and what the player says to its question. */
async function played(endpoint: string, choice: string, apiKey = "development-key") {
  const agentvm = new AgentVM({ endpoint, apiKey });
  onTestFinished(() => agentvm.close());
  await agentvm.connect({ game_name: "Desk" });
  const states: string[] = [];
  agentvm.on("agent.state_changed", ({ data }) => void states.push(data.state));
  const { id } = await agentvm.agents.create({ agent_type: "claude", name: "Ada" });
  const task = await agentvm.tasks.assign({ agent_id: id, prompt: "Fix the jump" });
  const questions: string[] = [];
  for await (const question of task.questions()) {
    questions.push(question.text);
    await task.answer({ choice });
  }
  return { task, states, questions, result: await task.result() };
}

describe("agentvm serve --workspace", () => {
  it("has the real claude mend a person's repository, in the game: asked, looked at, accepted", async () => {
    const { repository, git, env, root, file } = desk();
    const args = ["serve", "--port", "0", "--workspace", repository, "--agent", "claude", "--json"];
    const running = start([...args, "--scripted-model", join(root, "fix.yaml")], { env, cwd: root });
    const { task, states, questions, result } = await played(await addressOf(running), "once");

    expect(questions).toEqual(["May I change player.ts?"]);
    expect(states).toContain("waiting");
    expect(states).toContain("coding");
    expect(result).toMatchObject({
      success: true,
      output: "I look at the jump.\nThe jump is higher now.\n",
      changes: { base: "main", files: [{ path: "player.ts", status: "modified" }], review: "open" },
    });
    expect(file()).toBe("export const jump = 1;\n");
    expect(await task.diff()).toContain("+export const jump = 2;");
    await task.accept();
    expect(file()).toBe("export const jump = 2;\n");
    expect(git("log", "--format=%an: %s", "main").trim().split("\n")).toEqual([
      "Ada: Fix the jump",
      "Player: Begin",
    ]);
    expect(git("status", "--porcelain")).toBe("");

    running.stop();
    expect((await running.finished).code).toBe(0);
    expect(git("branch", "--list", "agentvm/*")).toBe("");
  });

  it("leaves all as it is where the player says no", async () => {
    const { repository, git, env, root, file } = desk();
    const args = ["serve", "--port", "0", "--workspace", repository, "--agent", "claude", "--json"];
    const running = start([...args, "--scripted-model", join(root, "fix.yaml")], { env, cwd: root });
    const { result } = await played(await addressOf(running), "no");
    expect(result).toMatchObject({ output: "I look at the jump.\nThen I leave it as it is.\n" });
    expect(result.changes).toBeNull();
    expect(file()).toBe("export const jump = 1;\n");
    running.stop();
    await running.finished;
    expect(git("branch", "--list", "agentvm/*")).toBe("");
  });

  it.each([
    ["no repository", ["--workspace", "home"], 3, "home"],
    ["no folder", ["--workspace", "nowhere"], 3, "nowhere"],
    [
      "an agent that is none",
      ["--workspace", "my game", "--agent", "goose"],
      2,
      "There is no agent 'goose'.",
    ],
    [
      "a set-up where no worktree is made",
      ["--workspace", "my game", "--in-place", "--set-up", "npm ci"],
      2,
      "--in-place has none",
    ],
    ["a rule that is none", ["--workspace", "my game", "--allow", "all"], 2, "'all' is no rule"],
    ["a file of settings that is not there", ["--workspace", "my game", "--settings", "x.yaml"], 3, "ENOENT"],
    ["scenarios that are not there", ["--workspace", "my game", "--scripted-model", "x.yaml"], 3, "x.yaml"],
  ])("says what is wrong where there is %s, and how to go on", async (_what, args, code, words) => {
    const { env, root } = desk();
    const { code: ended, err } = await start(["serve", "--port", "0", ...args], { env, cwd: root }).finished;
    expect(err).toContain(words);
    expect(err).toContain("What to do:");
    expect(ended).toBe(code);
  });

  it("says at which place the settings are wrong", async () => {
    const { env, root } = desk();
    writeFileSync(join(root, "agents.yaml"), "agents:\n  claude:\n    modle: x\nask_seconds: 0\n");
    const args = ["serve", "--port", "0", "--workspace", "my game", "--settings", "agents.yaml"];
    const { code, err } = await start(args, { env, cwd: root }).finished;
    expect(code).toBe(3);
    expect(err).toContain("modle");
    expect(err).toContain("4:14: ask_seconds:");
  });

  it("says that the settings cannot be read where their aliases stand for too much", async () => {
    const { env, root } = desk();
    const aliases = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of ["ba", "cb", "dc", "ed"])
      aliases.push(`${name}: &${name} [${`*${of}, `.repeat(10)}x]`);
    writeFileSync(join(root, "agents.yaml"), `${aliases.join("\n")}\n`);
    const args = ["serve", "--port", "0", "--workspace", "my game", "--settings", "agents.yaml"];
    const { code, err } = await start(args, { env, cwd: root }).finished;
    expect(code).toBe(3);
    expect(err).toContain("aliases stand for too much");
  });

  it("says that there is no agent on the machine where there is none", async () => {
    const { env, root } = desk();
    const nowhere = { ...env, PATH: "/usr/bin:/bin" };
    const args = ["serve", "--port", "0", "--workspace", "my game"];
    const { code, err } = await start(args, { env: nowhere, cwd: root }).finished;
    expect(code).toBe(1);
    expect(err).toContain("No command-line agent is here.");
  });
});

describe("agentvm worker", () => {
  it("does the tasks of a server with the real claude", async () => {
    const { repository, env, root } = desk();
    const server = await startMockServer({
      port: 0,
      workBy: "workers",
      apiKeys: ["development-key", "desk:worker:secret-of-the-desk"],
    });
    onTestFinished(() => server.close());
    const args = [
      "worker",
      "--endpoint",
      server.url,
      "--workspace",
      repository,
      "--agent",
      "claude",
      "--json",
    ];
    const running = start([...args, "--scripted-model", join(root, "fix.yaml")], {
      env: { ...env, AGENTVM_API_KEY: "secret-of-the-desk" },
      cwd: root,
    });
    expect(await running.waitFor("working")).toContain('"base":"main"');
    const { result } = await played(server.url, "always");
    expect(result).toMatchObject({ success: true, changes: { files: [{ path: "player.ts" }] } });
    running.stop();
    const { code, out, err } = await running.finished;
    expect(code).toBe(0);
    expect(out + err).not.toContain("secret-of-the-desk");
  });

  it("says that it has no key", async () => {
    const { env, root } = desk();
    const { code, err } = await start(["worker", "--workspace", "my game"], { env, cwd: root }).finished;
    expect(code).toBe(2);
    expect(err).toContain("There is no key for the server.");
  });
});
