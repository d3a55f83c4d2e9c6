import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, run, start } from "../../cli/harness.js";
import { root } from "../../godot/lib/engine.js";
import { realCli } from "../support/clis.js";

/** A person's machine, with claude or without, on which nobody is logged in. */
function machine(claude = true): Record<string, string> {
  const programs = [dirname(process.execPath), "/usr/bin", "/bin"];
  return {
    PATH: [...(claude ? [dirname(realCli("claude"))] : []), ...programs].join(delimiter),
    HOME: folder(),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
  };
}

const REAL = ["demo", "--real", "--agent", "claude"] as const;

describe("npm run demo:real", { timeout: 60_000 }, () => {
  it("shows the real claude mend a bug: asked, answered, looked at, accepted, and the tests pass", async () => {
    const temporary = folder();
    const child = spawn("npm", ["run", "--silent", "demo:real", "--", "--scripted", "--agent", "claude"], {
      cwd: root,
      env: { ...machine(), TMPDIR: temporary },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const code = await new Promise((resolve) => void child.once("close", resolve));
    const told = [
      "A real agent, claude 2.1.332, at work",
      "what it thinks is written down",
      "node --test: 1 test fails, 1 passes",
      'Ada         gets "Fix the jump in player.js',
      "says: I look at how high a jump goes.",
      "> Read player.js",
      "asks: May I change player.js?",
      "    +export const JUMP_SPEED = 8;",
      'you         "Once", says the demo for you',
      "is done after",
      "    +export const JUMP_SPEED = 8;",
      "accept the work",
      "node --test: 2 tests pass",
      "  Ada: Fix the jump in player.js, until node --test passes",
      "  You: Begin the moon game",
      "A real agent has mended it",
    ];
    let from = 0;
    for (const text of told) {
      expect(out.slice(from)).toContain(text);
      from = out.indexOf(text, from) + text.length;
    }
    expect(out).toMatch(/Ada +waits for an answer/);
    expect(code).toBe(0);
    expect(readdirSync(temporary).filter((name) => name.startsWith("agentvm-demo-"))).toEqual([]);
  });
});

describe("agentvm demo --real", { timeout: 60_000 }, () => {
  it("leaves all as it is where the person at the terminal says no, and asks again what it did not understand", async () => {
    const types = ["perhaps", "3"];
    const { code, out } = await run([...REAL, "--scripted"], { env: machine(), types });
    expect(out).toContain("2  Always for this task  Every change in the project");
    expect(out).toContain("Type a number from 1 to 3");
    expect(out).toMatch(/you +"No"/);
    expect(out).toContain("It was not allowed to do what it wanted");
    expect(out).toContain("The repository is as it was");
    expect(out).not.toContain("  Ada: ");
    expect(code).toBe(0);
  });

  it("throws the work away where the person does not take it in", async () => {
    const { code, out } = await run([...REAL, "--scripted"], { env: machine(), types: ["once", "n"] });
    expect(out).toContain("discard the work");
    expect(out).toContain("The repository is as it was");
    expect(out).not.toContain("  Ada: ");
    expect(code).toBe(0);
  });

  it("ends at ctrl-c, and leaves no repository behind", async () => {
    const demo = start([...REAL, "--scripted"], { env: machine() });
    const told = await demo.waitFor("> Read player.js");
    demo.stop();
    expect(await demo.finished).toMatchObject({ code: 130, err: "Stopped.\n" });
    const repository = /repository +(\/\S+)/.exec(told)?.[1] ?? "none";
    expect(repository).toContain("agentvm-demo-");
    expect(existsSync(repository)).toBe(false);
  });

  it("tells scripts the same as JSON, one object a line, and asks nobody", async () => {
    const { code, out } = await run([...REAL, "--scripted", "--json"], { env: machine(), types: [] });
    const lines = out
      .trim()
      .split("\n")
      .map((line): { readonly type: string } => JSON.parse(line));
    expect(lines.at(0)).toMatchObject({ type: "started", agent: { name: "claude" }, scripted: true });
    const types = lines.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["question", "answered", "diff", "reviewed", "log"]));
    expect(lines.at(-1)).toMatchObject({ type: "finished", ok: true, problems: [] });
    expect(code).toBe(0);
  });

  it("says what to install where there is no agent", async () => {
    const { code, err } = await run(["demo", "--real"], { env: machine(false) });
    expect(err).toContain("No command-line agent is here.");
    expect(err).toContain("npm install -g @anthropic-ai/claude-code");
    expect(err).toContain("npm install -g opencode-ai");
    expect(code).toBe(1);
  });

  it("says how to go on where the agent is not logged in", async () => {
    const { code, err } = await run(REAL, { env: machine() });
    expect(err).toContain("claude is here, and neither logged in nor given a key.");
    expect(err).toContain("--scripted");
    expect(code).toBe(2);
  });

  it("says that there is no git", async () => {
    const nowhere = folder();
    const { code, err } = await run(["demo", "--real"], { env: { ...machine(), PATH: nowhere } });
    expect(err).toContain("There is no git here.");
    expect(code).toBe(2);
  });

  it.each([
    [["--real", "--seed", "3"], "--seed does not go with --real."],
    [["--real", "--endpoint", "http://localhost:8000"], "--endpoint does not go with --real."],
    [["--scripted"], "--scripted does not go with agents that are simulated."],
    [["--real", "--agent", "goose"], "There is no agent 'goose'."],
  ])("takes no options that say something else: %s", async (options, words) => {
    const { code, err } = await run(["demo", ...options], { env: machine() });
    expect(err).toContain(words);
    expect(code).toBe(2);
  });
});
