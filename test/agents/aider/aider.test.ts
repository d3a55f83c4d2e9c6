/** aider is no package of npm's: a stand-in takes its options and prints what it prints, as its sources have it. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { aider, createAider } from "../../../server/src/adapters/aider.js";
import type { AgentResult } from "../../../server/src/adapters/adapter.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { AgentRoom, PLANTED_KEY } from "../support/agent-room.js";
import type { RoomRun } from "../support/agent-room.js";

const program = fileURLToPath(new URL("stand-in.mjs", import.meta.url));
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

function room(): AgentRoom {
  return new AgentRoom({ "player.ts": "export const jump = 1;\n" });
}

function run(at: AgentRoom, scene: string, given: Partial<RoomRun> = {}): Promise<AgentResult> {
  const environment = { PATH, AIDER_SCENE: scene, ...given.environment };
  return aider.run(at.run({ prompt: "Fix the jump", program, ...given, environment }));
}

function file(at: AgentRoom): string {
  return readFileSync(join(at.directory, "player.ts"), "utf8");
}

it("edits a file and tells what it says, what it changes, and what it has used", async () => {
  using at = room();
  const said = "I look at the jump.\n\nThe jump is higher now.";
  expect(await run(at, "edits")).toEqual({ success: true, summary: said });
  expect(file(at)).toBe("export const jump = 2;\n");
  expect(at.told("message")).toEqual([{ kind: "message", text: said, of: null }]);
  expect(at.told("tool").map(({ tool, title, status }) => [tool, title, status])).toEqual([
    ["edit", "Edit player.ts", "running"],
    ["edit", "Edit player.ts", "done"],
  ]);
  expect(at.told("usage")).toEqual([
    { kind: "usage", input_tokens: 1_200, output_tokens: 300, cost_usd: 0.01, model: "scripted" },
  ]);
});

it("answers a question without a change", async () => {
  using at = room();
  expect(await run(at, "answers")).toEqual({ success: true, summary: "It is 1." });
  expect(at.told("usage")[0]?.cost_usd).toBeNull();
});

it("leaves nothing of its own in the worktree", async () => {
  using at = room();
  await run(at, "edits");
  expect(readdirSync(at.directory).sort()).toEqual([".git", "player.ts"]);
});

it("asks once whether it may change files, since it asks nothing on its way", async () => {
  using at = room();
  await run(at, "edits");
  expect(at.permissions).toEqual([
    {
      kind: "permission",
      tool: "edit",
      tool_name: "aider",
      title: "Change any file of the project",
      paths: [at.directory],
      command: null,
      diff: null,
    },
  ]);
});

it("does not begin where it may not change files", async () => {
  using at = room();
  const result = await run(at, "edits", { permit: async () => ({ verdict: "no", reason: "No." }) });
  expect(result).toMatchObject({ success: false, code: "denied" });
  expect([file(at), at.events]).toEqual(["export const jump = 1;\n", []]);
});

it.each([".aider.conf.yml", ".env"])(
  "takes the repository's %s only where it is allowed to",
  async (name) => {
    using at = room();
    writeFileSync(join(at.directory, name), "test-cmd: touch owned\n");
    const result = await run(at, "edits", {
      permit: async ({ tool_name }) => ({ verdict: tool_name === "aider" ? "once" : "no", reason: null }),
    });
    expect(result).toMatchObject({ success: false, code: "denied" });
    expect(at.permissions.at(-1)).toMatchObject({
      tool: "other",
      tool_name: "aider-settings",
      paths: [join(at.directory, name)],
    });
    expect(file(at)).toBe("export const jump = 1;\n");
  },
);

it("goes on with the conversation before, and leaves that as it was for another one", async () => {
  using at = room();
  await run(at, "edits");
  const session = at.told("session").at(-1)?.session ?? "";
  for (let time = 0; time < 2; time += 1)
    expect(await run(at, "remembers", { prompt: "Higher", session })).toMatchObject({
      summary: "1 before: true",
    });
});

it.each(["11111111-2222-4333-8444-555555555555", "../../home"])(
  "begins anew where the conversation before is gone, and says so: %s",
  async (session) => {
    using at = room();
    expect(await run(at, "remembers", { session })).toMatchObject({ summary: "0 before: false" });
    expect(at.told("output").map(({ text }) => text)).toContain(
      "The conversation before is gone; aider begins a new one.",
    );
  },
);

it.each([
  ["a command of aider's", "/run touch owned", "Task: /run touch owned"],
  ["one for the shell", "!touch owned", "Task: !touch owned"],
  ["quotes, options and a NUL", 'Say "hi"\n--yes $(x)\0', 'Say "hi"\n--yes $(x)'],
  ["10,000 characters", "jump ".repeat(2_000).trim(), "jump ".repeat(2_000).trim()],
])("hands over a prompt with %s as words", async (_, prompt, words) => {
  using at = room();
  expect(await run(at, "echoes", { prompt })).toEqual({ success: true, summary: words });
});

it("tells that an overloaded model is tried again, and comes to its end", async () => {
  using at = room();
  expect(await run(at, "retries")).toMatchObject({ success: true });
  expect(at.told("retry")).toEqual([
    { kind: "retry", message: "The model is overloaded; aider tries again." },
  ]);
});

it.each([
  ["a model that stays overloaded", "overloaded", "overloaded"],
  ["a key that does not hold", "bad-key", "not_logged_in"],
  ["no key, and a login in a browser", "no-key", "not_logged_in"],
  ["a task that is too long", "too-long", "too_long"],
  ["a model that is not there", "no-model", "no_model"],
  ["changes that it cannot read", "malformed", "gave_up"],
  ["a part of it that is missing", "crashes", "crashed"],
])("says clearly that it could not work for %s, whatever its exit code is", async (_, scene, code) => {
  using at = room();
  expect(await run(at, scene)).toMatchObject({ success: false, code });
  expect(at.processes()).toEqual([]);
});

it("keeps what was changed when it fails after that", async () => {
  using at = room();
  expect(await run(at, "crashes-late")).toMatchObject({ success: true });
});

it("says nothing where aider says nothing, which the worker makes a failure of", async () => {
  using at = room();
  expect(await run(at, "nothing")).toEqual({ success: true, summary: "" });
});

it("is ended as soon as it has changed a file outside of the project, and that is told", async () => {
  using at = room();
  const result = await run(at, "outside");
  expect(result).toMatchObject({ success: false, code: "wrote_outside" });
  expect(JSON.stringify(result)).toContain("../other.txt");
  expect(at.processes()).toEqual([]);
});

it("leaves no process when it is cancelled", async () => {
  using at = room();
  const cancel = new AbortController();
  const ended = run(at, "hangs", { signal: cancel.signal });
  await at.heard((event) => event.kind === "tool");
  cancel.abort(new Error("cancelled"));
  await expect(ended).rejects.toThrow("cancelled");
  expect(at.processes()).toEqual([]);
});

it("ends an aider that says nothing for too long", async () => {
  using at = room();
  const adapter = createAider({ silentMs: 500 });
  const environment = { PATH, AIDER_SCENE: "hangs" };
  const result = await adapter.run(at.run({ prompt: "Fix the jump", program, environment }));
  expect(result).toMatchObject({ success: false, code: "hung" });
});

it("says that aider is not installed", async () => {
  using at = room();
  expect(await run(at, "edits", { program: "/nowhere/aider" })).toMatchObject({ code: "not_installed" });
});

it("puts no key on its command line, and tells none", async () => {
  using at = room();
  const environment = { ANTHROPIC_API_KEY: PLANTED_KEY };
  const cancel = new AbortController();
  const ended = run(at, "hangs", { environment, signal: cancel.signal });
  await at.heard((event) => event.kind === "tool");
  const lines = at.processes().map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8"));
  cancel.abort(new Error("cancelled"));
  await ended.catch(() => undefined);
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify([lines, at.events])).not.toContain(PLANTED_KEY);
});

it.each([
  ["key", { OPENAI_API_KEY: "sk-1" }],
  [null, {}],
])("finds aider, its version, and as login: %s", async (login, keys) => {
  using at = room();
  const environment = { PATH, HOME: at.home, ...keys };
  const processes = createProcesses({ task: "look", directories: [], redactor: createRedactor(environment) });
  const seen = await aider.look({ processes, environment, program, directory: at.directory });
  expect(seen).toEqual({ found: true, path: program, version: "0.86.2", login });
  expect(existsSync(join(at.home, ".aider"))).toBe(false);
});
