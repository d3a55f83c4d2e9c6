import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCommand } from "../../../server/src/adapters/command.js";
import type { CommandOptions } from "../../../server/src/adapters/command.js";
import type { AgentResult } from "../../../server/src/adapters/adapter.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { runningIn } from "../processes/support/programs.js";
import { AgentRoom } from "../support/agent-room.js";
import type { RoomRun } from "../support/agent-room.js";

/** A room, and what runs a script of the shell in it. */
function scene(options: Partial<CommandOptions> = {}) {
  const room = new AgentRoom();
  onTestFinished(() => room[Symbol.dispose]());
  const command = createCommand({ name: "mine", ...options });
  const run = (script: string, given: Partial<RoomRun> = {}): Promise<AgentResult> =>
    command.run(
      room.run({ prompt: "Fix the jump", program: "sh", environment: {}, args: ["-c", script], ...given }),
    );
  const out = (stream: "stdout" | "stderr" = "stdout"): readonly string[] =>
    room
      .told("output")
      .filter((event) => event.stream === stream)
      .map(({ text }) => text);
  return { room, run, out };
}

/** A report as a command prints it. */
function says(report: object): string {
  return `printf '%s\\n' '${JSON.stringify(report)}'`;
}

describe("a command of a person's own", () => {
  it.each([
    ["quotes and newlines", 'Say "hi"\n$(touch owned) `touch owned`\\'],
    ["an option", "--help -x"],
    ["10,000 characters", "jump ".repeat(2_000)],
  ])("reads a prompt with %s from its input, and sees its end", async (_, prompt) => {
    const { run, room } = scene();
    expect(await run("cat > prompt.txt", { prompt })).toMatchObject({ success: true });
    expect(readFileSync(join(room.directory, "prompt.txt"), "utf8")).toBe(`${prompt}\n`);
  });

  it("finds the prompt in a file outside of its worktree where it wants one, and not among its arguments", async () => {
    const { run, room, out } = scene();
    const args = ["-c", 'cat "$1"; echo; cat; tr "\\0" " " < /proc/$$/cmdline', "sh", "{prompt_file}"];
    await run("", { args, prompt: "Fix the\0jump" });
    expect(out().slice(0, 1)).toEqual(["Fix thejump"]);
    expect(out().join("\n").split("Fix the")).toHaveLength(2);
    expect(out().at(-1)).toContain(room.scratch);
  });

  it("is seen doing what it reports", async () => {
    const { run, room } = scene();
    const usage = { input_tokens: 9, output_tokens: 1, cost_usd: 0.5, model: "m" };
    const reports = [
      { state: "thinking" },
      { progress: 0.5, message: "Half of it" },
      { message: "More than half" },
      { agent: { child: "1", name: "Tester", state: "coding" } },
      { agent: { child: "1", gone: true } },
      { usage },
      { session: "s-1" },
      { output: { stream: "stderr", text: "a hint\n" } },
    ];
    const result = await run(reports.map(says).join("\n"));
    expect(room.events).toEqual([
      { kind: "state", state: "coding", of: null },
      { kind: "state", state: "thinking", of: null },
      { kind: "progress", share: 0.5, message: "Half of it" },
      { kind: "progress", share: null, message: "More than half" },
      { kind: "helper", helper: "1", name: "Tester" },
      { kind: "state", state: "coding", of: "1" },
      { kind: "helper_gone", helper: "1" },
      { kind: "usage", ...usage },
      { kind: "session", session: "s-1", model: null },
      { kind: "output", stream: "stderr", text: "a hint", isSaid: false },
    ]);
    expect(result).toEqual({ success: true, summary: "More than half" });
  });

  it("goes on with its conversation by the name that it gave it", async () => {
    const { run, out } = scene();
    await run('echo "${AGENTVM_SESSION:-new}"');
    await run('echo "${AGENTVM_SESSION:-new}"', { session: "s-1" });
    expect(out()).toEqual(["new", "s-1"]);
  });

  it("fails with its exit code and the last of its standard error", async () => {
    const { run } = scene();
    expect(await run("seq 100 >&2; echo 'no jump found' >&2; exit 3")).toEqual({
      success: false,
      code: "command_failed",
      message: "mine ended with exit code 3. It said: 97\n98\n99\n100\nno jump found",
    });
  });

  it("fails in clear words where it is not there any more", async () => {
    const { run } = scene();
    expect(await run("", { program: "./gone.sh" })).toMatchObject({
      code: "not_installed",
      message: expect.stringContaining("gone.sh is not there"),
    });
  });
});

describe("what a command asks", () => {
  const asks = (question: object): string => `${says({ question })}; read -r answer; echo "$answer"`;
  const answersOf = (lines: readonly string[]): readonly unknown[] =>
    lines.map((line) => JSON.parse(line).answer);

  it("comes to the player, and the answer to its input, behind the line with the prompt", async () => {
    const { run, room, out } = scene({ input: "json" });
    const script = `read -r first; echo "$first"; ${asks({ kind: "choice", text: "Which?", options: ["a", { id: "b", label: "Bee" }] })}`;
    await run(script, { ask: async () => ({ choice: "b" }), session: "s-1" });
    expect(room.questions).toEqual([
      {
        kind: "question",
        text: "Which?",
        options: [
          { id: "a", label: "a" },
          { id: "b", label: "Bee" },
        ],
      },
    ]);
    expect(JSON.parse(out()[0] ?? "")).toEqual({ prompt: "Fix the jump", task_id: "task_1", session: "s-1" });
    expect(answersOf(out().slice(1))).toEqual([{ question_id: "1", choice: "b", text: null, by: "player" }]);
  });

  it("is told by its own name, in words, and that nobody has answered", async () => {
    const { run, out } = scene({ input: "json" });
    const replies = [{ text: "red" }, null];
    const script = `read -r first; ${asks({ id: "color", kind: "text", text: "Which?" })}; ${asks({ kind: "text", text: "And?" })}`;
    await run(script, { ask: async () => replies.shift() ?? null });
    expect(answersOf(out())).toEqual([
      { question_id: "color", choice: null, text: "red", by: "player" },
      { question_id: "2", choice: null, text: null, by: "time" },
    ]);
  });

  it("is put to the rules where it is a permission", async () => {
    const { run, room, out } = scene({ input: "json" });
    const about = { tool: "execute", title: "npm test", command: "npm test" };
    await run(`read -r first; ${asks({ kind: "permission", text: "May I?", about })}`, {
      permit: async () => ({ verdict: "no", reason: "Not now." }),
    });
    expect(room.permissions[0]).toMatchObject({ tool: "execute", title: "npm test", command: "npm test" });
    expect(answersOf(out())).toEqual([{ question_id: "1", choice: "deny", text: "Not now.", by: "player" }]);
  });

  it("can be taken back", async () => {
    const { run, room, out } = scene({ input: "json" });
    let take = (): void => undefined;
    const taken = new Promise<null>((resolve) => (take = () => resolve(null)));
    const given = room.run({ prompt: "", program: "sh", environment: {}, args: ["-c", ""] });
    const script = `read -r first; ${says({ question: { kind: "text", text: "Which?" } })}; ${says({ question_withdrawn: "1" })}; read -r answer; echo "$answer"`;
    const command = createCommand({ name: "mine", input: "json" });
    await command.run({ ...given, args: ["-c", script], ask: () => taken, withdraw: () => take() });
    expect(answersOf(out())).toEqual([{ question_id: "1", choice: null, text: null, by: "worker" }]);
    expect(await run("exit 0")).toMatchObject({ success: true });
  });

  it("is not asked where it could not hear the answer, and that is said", async () => {
    const { run, room, out } = scene();
    await run(says({ question: { kind: "text", text: "Which?" } }));
    expect(room.questions).toEqual([]);
    expect(out("stderr").join("")).toContain("input: json");
  });

  it("is closed when it ends without waiting", async () => {
    const { run, room } = scene({ input: "json" });
    await run(says({ question: { kind: "text", text: "Which?" } }), {
      ask: () => new Promise(() => undefined),
    });
    expect(room.withdrawn).toBe(1);
  });
});

describe("a command that is not well-behaved", () => {
  it("says other JSON than reports, which is output, and told of once", async () => {
    const { run, out } = scene();
    const log = { level: "info", message: "up" };
    await run(`${says({ hello: 1 })}; ${says(log)}; echo '[1]'; echo '{broken'`);
    expect(out()).toEqual(['{"hello":1}', '{"level":"info","message":"up"}', "[1]", "{broken"]);
    expect(out("stderr")).toHaveLength(1);
  });

  it.each([
    ["a state that is none", { state: "waiting" }, "state"],
    ["a share past the whole", { progress: 2, message: "x" }, "progress"],
    ["a question without words", { question: { kind: "text" } }, "text"],
    ["a session that is no text", { session: 7 }, "session"],
  ])("reports %s, and is told what must be", async (_, report, words) => {
    const { run, room, out } = scene();
    expect(await run(says(report))).toMatchObject({ success: true });
    expect(out()).toEqual([]);
    expect(out("stderr")[0]).toContain(words);
    expect(room.questions).toEqual([]);
  });

  it("prints 100 MB, of which the beginning is told", async () => {
    const { room, out } = scene();
    const script = "yes 0123456789 | head -c 100000000; echo oops >&2; exit 1";
    const given = room.run({ prompt: "", program: "sh", environment: {}, args: ["-c", script] });
    const bounds = { bytes: 3_000_000 };
    const processes = createProcesses({ task: "t", directories: [], redactor: createRedactor({}), bounds });
    expect(await createCommand({ name: "mine" }).run({ ...given, processes })).toMatchObject({
      message: expect.stringContaining("oops"),
    });
    expect(out().join("\n").length).toBeLessThanOrEqual(1_048_576);
    expect(out("stderr").join("\n")).toContain("the rest is left out");
  });

  it("reads nothing of what it is told", async () => {
    const { run } = scene({ input: "json" });
    const prompt = "x".repeat(1_000_000);
    expect(await run("exec 0<&-; sleep 0.1; exit 0", { prompt })).toMatchObject({ success: true });
  });

  it("prints a NUL, which is left out", async () => {
    const { run, out } = scene();
    await run("printf 'a\\000b\\n'");
    expect(out()).toEqual(["ab"]);
  });

  it("never ends, and is ended", async () => {
    const { run, room } = scene({ silentMs: 50 });
    expect(await run("sleep 1000")).toMatchObject({ code: "hung" });
    expect(room.processes()).toEqual([]);
  });

  it("forks away, and is ended with what it has left", async () => {
    const { run, room } = scene();
    expect(await run("(setsid sleep 1000 &); exit 0")).toMatchObject({ success: true });
    expect(await runningIn(room.root)).toEqual([]);
  });

  it("is cancelled, and leaves nobody", async () => {
    const { run, room } = scene({ input: "json" });
    const cancel = new AbortController();
    const ended = run("echo up; sleep 1000", { signal: cancel.signal });
    await room.heard(({ kind }) => kind === "output");
    cancel.abort(new Error("cancelled"));
    await expect(ended).rejects.toThrow("cancelled");
    expect(await runningIn(room.root)).toEqual([]);
  });
});

describe("the scripts of the guide", () => {
  const guide = readFileSync("docs/real-agents.md", "utf8");
  const sample = (begins: string): string =>
    [...guide.matchAll(/```(?:sh|python)\n([^]*?)```/g)]
      .map(([, text = ""]) => text)
      .find((text) => text.startsWith(begins)) ?? "";

  it("in shell writes the prompt down", async () => {
    const { run, room } = scene();
    writeFileSync(join(room.scratch, "note.sh"), sample("#!/bin/sh\n# note.sh"));
    const result = await run("", { args: [join(room.scratch, "note.sh")] });
    expect(result).toEqual({ success: true, summary: "I write it down" });
    expect(readFileSync(join(room.directory, "notes.txt"), "utf8")).toBe("Fix the jump\n");
  });

  it("in Python asks the player, and goes by the answer", async () => {
    const { run, room, out } = scene({ input: "json" });
    writeFileSync(join(room.scratch, "planner.py"), sample("# planner.py"));
    const args = [join(room.scratch, "planner.py")];
    const result = await run("", { program: "python3", args, ask: async () => ({ choice: "short" }) });
    expect(result).toEqual({ success: true, summary: "I write the plan" });
    expect(readFileSync(join(room.directory, "plan.md"), "utf8")).toBe("- Fix the jump (short)\n");
    expect(room.told("session")).toEqual([{ kind: "session", session: "first", model: null }]);
    expect(out()).toEqual(["The plan is in plan.md."]);
  });
});
