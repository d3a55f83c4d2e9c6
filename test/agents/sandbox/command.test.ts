import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentVM } from "../../../src/index.js";
import { start } from "../../cli/harness.js";
import { realCli } from "../support/clis.js";
import { brokenBwrap, house, textOf } from "./support.js";

const STEALS =
  "cat ~/.ssh/id > stolen.txt; git branch -f main HEAD; git branch evil; echo x > ~/x; touch ok.txt";

const SCENARIOS = `
scenarios:
  - prompt: higher
    after: jump
    steps: [{ say: Higher now. }]
  - prompt: jump
    steps:
      - edit: { path: player.ts, old: "jump = 1", new: "jump = 2" }
      - run: "${STEALS}"
      - say: The jump is higher now.
`;

/** A house with the agents of the tests, and what the command is run with. */
function desk() {
  const at = house();
  writeFileSync(join(at.home, "fix.yaml"), SCENARIOS);
  const PATH = [dirname(realCli("claude")), at.env["PATH"]].join(delimiter);
  const env = {
    ...at.env,
    PATH,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
  };
  return { ...at, env };
}

const SERVE = ["serve", "--port", "0", "--workspace", "my game"];

describe("agentvm serve --workspace --sandbox bubblewrap", () => {
  it("has the real claude, opencode and codex do tasks in it, which reach nothing else", async () => {
    const { home, repository, env, git } = desk();
    const agents = ["claude", "opencode", "codex"].flatMap((name) => ["--agent", name]);
    const allow = ["--allow", "write", "--allow", "run"];
    const more = ["--sandbox", "bubblewrap", "--scripted-model", "fix.yaml", "--json"];
    const running = start([...SERVE, ...agents, ...allow, ...more], { env, cwd: home });
    const told = await running.waitFor(/"url":"[^"]+"/);
    expect(told).toContain('"sandbox":{"kind":"bubblewrap","network":true}');
    const agentvm = new AgentVM({
      endpoint: /"url":"([^"]+)"/.exec(told)?.[1] ?? "",
      apiKey: "development-key",
    });
    onTestFinished(() => agentvm.close());
    await agentvm.connect({ game_name: "Desk" });
    const before = git("rev-parse", "main");
    const results = await Promise.all(
      (["claude", "opencode", "custom"] as const).map(async (agent_type) => {
        const { id } = await agentvm.agents.create({ agent_type, name: agent_type });
        const task = await agentvm.tasks.assign({ agent_id: id, prompt: "Fix the jump" });
        // opencode asks before it looks outside of the worktree, whatever would be there.
        for await (const { options } of task.questions()) await task.answer({ choice: options[0]?.id ?? "" });
        return { result: await task.result(), task, agent_id: id };
      }),
    );
    for (const { result, task } of results) {
      expect(result).toMatchObject({ success: true });
      expect(result.changes?.files.map(({ path }) => path)).toEqual(["ok.txt", "player.ts", "stolen.txt"]);
      expect(await task.diff()).not.toContain("private");
    }
    expect(git("rev-parse", "main")).toBe(before);
    expect(git("branch", "--list", "evil")).toBe("");

    // The conversation is kept, though not in the person's own folder.
    const [first] = results;
    const next = await agentvm.tasks.assign({
      agent_id: first?.agent_id ?? "",
      prompt: "Still higher",
      continues: first?.task.id ?? "",
    });
    expect(await next.result()).toMatchObject({ success: true, output: "Higher now.\n" });
    expect(existsSync(join(home, ".claude"))).toBe(false);
    await results[0]?.task.accept();
    expect(textOf(repository, "player.ts")).toBe("jump = 2;\n");
    expect(git("status", "--porcelain")).toBe("");
    running.stop();
    expect((await running.finished).code).toBe(0);
  }, 180_000);

  it("does not start where bubblewrap is not installed, and says how it comes", async () => {
    const { home, env } = desk();
    const few = join(home, "few");
    mkdirSync(few);
    for (const name of ["git", "sh"]) symlinkSync(join("/usr/bin", name), join(few, name));
    const args = [...SERVE, "--sandbox", "bubblewrap"];
    const { code, err } = await start(args, { env: { ...env, PATH: few }, cwd: home }).finished;
    expect(code).toBe(3);
    expect(err).toContain("The agents cannot be sandboxed: bubblewrap (bwrap) is not installed");
    expect(err).toContain("apt install bubblewrap");
  });

  it("does not start where this user may make no namespaces, and says how that is allowed", async () => {
    const { home, env } = desk();
    const PATH = `${await brokenBwrap(home)}:${env.PATH}`;
    const args = [...SERVE, "--sandbox", "bubblewrap"];
    const { code, err } = await start(args, { env: { ...env, PATH }, cwd: home }).finished;
    expect(code).toBe(3);
    expect(err).toContain("No permissions to create new namespace");
    expect(err).toContain("kernel.unprivileged_userns_clone=1");
  });

  it.each([
    ["a kind that is none", "sandbox: docker", [], 3, "sandbox"],
    ["a word that is none", "", ["--sandbox", "docker"], 2, "'docker' is no sandbox."],
    ["a path that is not there", "sandbox: { read: [~/tols] }", [], 3, "show ~/tols, and that is not there"],
    ["all of the home", 'sandbox: { write: ["~"] }', [], 3, "~ is or holds your home"],
    [
      "a home that is worked in itself",
      "sandbox: bubblewrap",
      ["--workspace", ".", "--in-place"],
      3,
      "is or holds your home",
    ],
    [
      "an agent whose model is on a network that is off",
      "sandbox: { network: false }",
      ["--agent", "claude"],
      1,
      "claude reaches its model over the network",
    ],
  ])("says what is wrong with %s", async (_, settings, args, code, words) => {
    const { home, env } = desk();
    writeFileSync(join(home, "agents.yaml"), settings);
    const all = [...SERVE, "--settings", "agents.yaml", ...args];
    const ended = await start(all, { env, cwd: home }).finished;
    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
  });

  it("says before any task which agent does not run in it", async () => {
    const { home, env } = desk();
    const program = join(home, "private", "claude");
    mkdirSync(dirname(program));
    writeFileSync(join(home, "its-own"), "2.1.332");
    writeFileSync(program, '#!/bin/sh\ncat "$HOME/its-own"\n', { mode: 0o755 });
    writeFileSync(join(home, "agents.yaml"), `agents: { claude: { program: ${program} } }\n`);
    const args = [...SERVE, "--agent", "claude", "--settings", "agents.yaml", "--sandbox", "bubblewrap"];
    const { code, err } = await start(args, { env, cwd: home }).finished;
    expect(code).toBe(1);
    expect(err).toContain("claude does not run in the sandbox");
    expect(err).toContain("sandbox.read");
  });
});
