import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseScripts } from "../../mock-server/cli/scripts/parse-scripts.js";
import { AgentVM } from "../../src/slim.js";
import { folder, jsonLines, run, start } from "./harness.js";
import type { Running } from "./harness.js";

const FAILS = `
- prompt: /jump|run/i
  fails: { code: tests_failed, message: 3 tests fail. }
- prompt: paint
  asks: { text: Red or blue?, options: [red, blue] }
`;

interface Served {
  readonly running: Running;
  readonly agentvm: AgentVM;
  readonly cwd: string;
  /** Writes a version of the file, as an editor does that puts another one in its place. */
  write(text: string): void;
}

/** Serves by a file of scripts, with one agent, and stops. */
async function serving(file: string, text: string, use: (served: Served) => Promise<void>): Promise<void> {
  const cwd = folder();
  const write = (version: string): void => {
    writeFileSync(join(cwd, "new"), version);
    renameSync(join(cwd, "new"), join(cwd, file));
  };
  write(text);
  const running = start(["serve", "--port", "0", "--json", "--scripts", file], { cwd });
  const [told] = jsonLines(await running.waitFor("\n"));
  const agentvm = new AgentVM({ endpoint: String(told?.["url"]), apiKey: "development-key" });
  await agentvm.agents.create("aider");
  try {
    await use({ running, agentvm, cwd, write });
  } finally {
    await agentvm.close();
    running.stop();
    await running.finished;
  }
}

/** What becomes of a task with that prompt, done within the call. */
async function outcomeOf(agentvm: AgentVM, prompt: string): Promise<string> {
  const { id } = await agentvm.tasks.assign({ prompt });
  const { status, result } = await agentvm.tasks.get(id);
  return `${status} ${result?.error?.message ?? result?.output ?? ""}`;
}

describe("agentvm serve --scripts", () => {
  it("does with tasks what a file in YAML says, its patterns written between strokes", async () => {
    await serving("scripts.yaml", FAILS, async ({ agentvm }) => {
      expect(await outcomeOf(agentvm, "Fix the JUMP")).toBe("failed 3 tests fail.");
      const asking = await agentvm.tasks.assign({ prompt: "paint it" });
      const { question } = await agentvm.tasks.get(asking.id);
      expect(question?.options.map(({ id }) => id)).toEqual(["red", "blue"]);
    });
  });

  it("reads JSON too, as a list or under the name scripts", async () => {
    const text = JSON.stringify({ scripts: [{ output: "patched player.ts" }] });
    await serving("scripts.json", text, async ({ agentvm }) => {
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed patched player.ts");
    });
  });

  it("goes by a new version of the file from then on", async () => {
    await serving("scripts.yaml", "- output: one", async ({ agentvm, running, write }) => {
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed one");
      write("- output: two\n- output: never\n");
      await running.waitFor('{"type":"scripts_loaded","file":"scripts.yaml","scripts":2}');
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed two");
    });
  });

  it("counts anew what a version before had used up", async () => {
    await serving("scripts.yaml", "- { times: 1, output: one }", async ({ agentvm, running, write }) => {
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed one");
      write("- { times: 1, output: one more }");
      await running.waitFor("scripts_loaded");
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed one more");
    });
  });

  it("ends what has begun as it was told then", async () => {
    await serving(
      "scripts.yaml",
      "- { asks: { text: Sure? }, output: old }",
      async ({ agentvm, running, write }) => {
        const task = await agentvm.tasks.assign({ prompt: "Fix it" });
        write("- output: new");
        await running.waitFor("scripts_loaded");
        await task.answer({ text: "yes" });
        expect((await task.result()).output).toBe("old");
      },
    );
  });

  it("keeps the scripts from before where a new version is wrong, and says what is", async () => {
    await serving("scripts.yaml", "- output: one", async ({ agentvm, running, write }) => {
      write("- output: two\n- takes: long\n");
      const out = await running.waitFor(/scripts_refused.*\n/);
      expect(jsonLines(out).at(-1)).toEqual({
        type: "scripts_refused",
        file: "scripts.yaml",
        error: "The scripts cannot be used: scripts.yaml:2:10: script 2.takes must be a number",
        remediation: expect.stringContaining("Correct what is named"),
      });
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed one");
      write("- output: three");
      await running.waitFor("scripts_loaded");
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed three");
    });
  });

  it("keeps them where the file is gone, until it is there again", async () => {
    await serving("scripts.yaml", "- output: one", async ({ agentvm, running, write, cwd }) => {
      rmSync(join(cwd, "scripts.yaml"));
      expect(await running.waitFor(/scripts_refused.*\n/)).toContain("it cannot be read (ENOENT)");
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed one");
      write("- output: two");
      await running.waitFor("scripts_loaded");
      expect(await outcomeOf(agentvm, "Fix it")).toBe("completed two");
    });
  });

  it("says in words what becomes of a new version", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "s.yaml"), "- output: one");
    const running = start(["serve", "--port", "0", "--scripts", "s.yaml"], { cwd });
    expect(await running.waitFor("ctrl-c")).toMatch(/scripts +1 script, and where none fits it is simulated/);
    writeFileSync(join(cwd, "s.yaml"), "- outputs: two");
    await running.waitForProblem("Until then");
    writeFileSync(join(cwd, "s.yaml"), "- output: two\n- {}");
    await running.waitFor("s.yaml has changed: 2 scripts from now on.");
    running.stop();
    expect((await running.finished).err).toBe(
      "agentvm: The scripts cannot be used: s.yaml:1:3: script 1.outputs is not a known field\n" +
        "What to do: Correct what is named; the guide to scripts has all fields. Until then the scripts from before go on.\n",
    );
  });

  it("does not begin with a file that is wrong, and names each place", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "s.yaml"), "- takes: long\n- fails: { code: a }\n  agnt: Ada\n");
    const { code, out, err } = await run(["serve", "--port", "0", "--scripts", "s.yaml"], { cwd });
    expect([code, out]).toEqual([3, ""]);
    expect(err.split("\n").slice(1, 4)).toEqual([
      "  s.yaml:1:10: script 1.takes must be a number",
      "  s.yaml:2:10: script 2.fails.message must be a string",
      "  s.yaml:3:3: script 2.agnt is not a known field",
    ]);
  });

  it("does not begin with a file that is not there", async () => {
    const { code, err } = await run(["serve", "--port", "0", "--scripts", "none.yaml"]);
    expect([code, err]).toEqual([3, expect.stringContaining("none.yaml: it cannot be read (ENOENT)")]);
  });
});

describe("a file of scripts", () => {
  it.each(
    [
      ["", "s: expected a list of scripts, or scripts: and a list"],
      ["hello", "s:1:1: expected a list of scripts, or scripts: and a list"],
      ["scripts: 3", "s:1:10: expected a list of scripts, or scripts: and a list"],
      ["scripts: []\nsimulation: {}", 's:2:1: "simulation" is not known; scripts is'],
      ['- output: "x', 's:1:13: Missing closing "quote'],
      ["- {}\n---\n- {}", "s:2:1: expected one document; this is a second one"],
      ["- prompt: /(/", "s:1:11: script 1.prompt is written as a pattern, /like this/, and is none"],
      ["- prompt: /(a+)+/", "s:1:11: script 1.prompt is a pattern that some text could keep busy for ever"],
      ["- says: [a, 3]", "s:1:13: script 1.says.1 must be a string"],
      ["- asks: { text: A, optoins: [] }", "s:1:20: script 1.asks.0.optoins is not a known field"],
      ["- &a [*a]", "script 1 must be an object"],
      [
        '- asks: { text: A, answers: &a { "*": { asks: { text: B, answers: *a } } } }',
        "is not a known field",
      ],
      ["- ".repeat(5_000), "s: the values are nested too deep"],
      ["[".repeat(100_000), "s: the values are nested too deep"],
      ["- {}\n".repeat(1_001), "s: has 1001 scripts; 1000 are the most"],
    ].map(([text = "", said = ""]) => ({ begins: text.slice(0, 40), text, said })),
  )("is refused where it is wrong: $begins", ({ text, said }) => {
    const parsed = parseScripts("s", text);
    expect(parsed.ok ? [] : parsed.problems).toEqual([expect.stringContaining(said)]);
  });

  it("is refused where its aliases stand for more than any script is", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const text = names.map((name, at) => `${name}: &${name} [${`*${names[at - 1] ?? ""},`.repeat(9)}]`);
    const [first = "", ...rest] = text;
    const parsed = parseScripts("s", [first.replace(/\[.*\]/, "[x]"), ...rest, "scripts: *g"].join("\n"));
    expect(parsed).toMatchObject({ ok: false, problems: ["s: its aliases (*name) stand for too much"] });
  });

  it("is what the guide shows", () => {
    const [, sample = ""] = /```yaml\n(.*?)```/s.exec(readFileSync("docs/scripts.md", "utf8")) ?? [];
    expect(parseScripts("s", sample)).toMatchObject({
      ok: true,
      scripts: [{ times: 1 }, { agent_type: "claude" }],
    });
  });

  it("may have brackets in its texts, as many as code has", () => {
    const text = `- output: |\n    ${"[".repeat(200)}\n`;
    expect(parseScripts("s", text)).toMatchObject({
      ok: true,
      scripts: [{ output: `${"[".repeat(200)}\n` }],
    });
  });
});
