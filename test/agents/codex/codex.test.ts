import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codex } from "../../../server/src/adapters/codex.js";
import { PLANTED_KEY } from "../support/agent-room.js";
import { realCli } from "../support/clis.js";
import { scenesFor } from "../support/scenes.js";

const scene = scenesFor(codex, {
  program: realCli("codex"),
  file: "export const jump = 1;\n",
  variables: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, CODEX_API_KEY: PLANTED_KEY }),
});

const EDITS = `
- steps:
  - think: Where is it?
  - plan: [{ text: Look, status: done }, { text: Mend, status: running }]
  - say: I look.
  - read: player.ts
  - edit: { path: player.ts, old: "jump = 1", new: "jump = 2" }
  - say: The jump is mended.
`;

it("edits a file and tells what it does, what it plans, what it has used, and what it has done", async () => {
  const { room, run, text } = await scene(EDITS);
  expect(await run()).toEqual({ success: true, summary: "The jump is mended." });
  expect(text()).toBe("export const jump = 2;\n");
  expect(room.told("tool").map(({ tool, title, status }) => [tool, title, status])).toEqual([
    ["read", "cat player.ts", "running"],
    ["read", "cat player.ts", "done"],
    ["edit", "Edit player.ts", "running"],
    ["edit", "Edit player.ts", "done"],
  ]);
  expect(room.told("message").map(({ text: said }) => said)).toEqual(["I look.", "The jump is mended."]);
  expect(room.told("thought")).toContainEqual({ kind: "thought", of: null });
  expect(room.told("plan").at(-1)?.entries).toEqual([
    { text: "Look", status: "done" },
    { text: "Mend", status: "running" },
  ]);
  expect(room.told("usage").at(-1)).toMatchObject({ input_tokens: 400, output_tokens: 80, cost_usd: null });
});

it("asks before it edits, with the file and what would change; a look at a file is asked as no more", async () => {
  const { room, run } = await scene(EDITS);
  await run();
  const path = join(room.directory, "player.ts");
  expect(room.permissions).toEqual([
    {
      kind: "permission",
      tool: "read",
      tool_name: "exec_command",
      title: "cat player.ts",
      paths: [path],
      command: "cat player.ts",
      diff: null,
    },
    {
      kind: "permission",
      tool: "edit",
      tool_name: "apply_patch",
      title: "Edit player.ts",
      paths: [path],
      command: null,
      diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-export const jump = 1;\n+export const jump = 2;\n",
    },
  ]);
});

it("asks before each command, so that whoever answers decides for how long a yes holds", async () => {
  const { room, run } = await scene("[{ steps: [{ run: touch a }, { run: touch a }, { say: Done. }] }]");
  await run({ permit: async () => ({ verdict: "always", reason: null }) });
  expect(room.permissions.map(({ tool, command }) => [tool, command])).toEqual([
    ["execute", "touch a"],
    ["execute", "touch a"],
  ]);
  expect(existsSync(join(room.directory, "a"))).toBe(true);
});

it("does nothing that it was denied, goes another way, and does not call that success", async () => {
  const { room, run, text, model } = await scene(`
- steps:
  - edit: { path: player.ts, old: "1", new: "2" }
    otherwise:
      - run: touch other
        otherwise: [{ say: Then I leave it. }]
`);
  const result = await run({ permit: async () => ({ verdict: "no", reason: "Not now." }) });
  expect(result).toMatchObject({ success: false, code: "denied" });
  expect(room.told("message").map(({ text: said }) => said)).toEqual(["Then I leave it."]);
  expect([text(), existsSync(join(room.directory, "other"))]).toEqual(["export const jump = 1;\n", false]);
  expect(model.requests.at(-1)?.call?.rounds).toEqual([{ failed: true }, { failed: true }]);
});

it("hears what the player says along with a no", async () => {
  const { run, model } = await scene(`
- prompt: level
  after: jump
  steps: [{ say: In level.ts then. }]
- prompt: jump
  steps: [{ run: touch a }, { say: Not at all. }]
`);
  const permit = async () => ({ verdict: "no", reason: "No: Use level.ts", words: "Use level.ts" }) as const;
  await run({ permit });
  expect(model.requests.at(-1)?.call?.prompts).toEqual(["Fix the jump", "Use level.ts"]);
});

it("puts its question to the player and goes on with the answer", async () => {
  const { room, run, model } = await scene(`
- steps:
  - ask: { question: "How high?", options: [Low, High] }
  - say: Fine.
`);
  expect(await run({ ask: async () => ({ choice: "2" }) })).toEqual({ success: true, summary: "Fine." });
  expect(room.questions).toEqual([
    {
      kind: "question",
      text: "How high?",
      options: [
        { id: "1", label: "Low" },
        { id: "2", label: "High" },
      ],
    },
  ]);
  expect(model.requests.at(-1)?.call?.rounds).toEqual([{ failed: false }]);
});

it("leaves no process when it is cancelled in the middle of a command", async () => {
  const { room, run } = await scene(`[{ steps: [{ run: "touch begun; sleep 300" }] }]`);
  const cancel = new AbortController();
  const ended = run({ signal: cancel.signal });
  await room.heard((event) => event.kind === "tool" && event.status === "running");
  cancel.abort(new Error("cancelled"));
  await expect(ended).rejects.toThrow("cancelled");
  expect(room.processes()).toEqual([]);
});

it("goes on with the conversation before, also in another worktree, and counts its own use alone", async () => {
  const { room, run, model } = await scene(`
- prompt: higher
  after: jump
  steps: [{ say: Higher now. }]
- prompt: jump
  steps: [{ say: Mended. }]
`);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: room.directory,
    });
  git("commit", "-q", "--allow-empty", "-m", "Begin");
  git("worktree", "add", "-q", "--detach", "../another");
  await run();
  const session = room.told("session")[0]?.session ?? "";
  const directory = join(room.root, "another");
  expect(await run({ prompt: "A bit higher", session, directory })).toEqual({
    success: true,
    summary: "Higher now.",
  });
  expect(model.requests.at(-1)?.call).toMatchObject({
    prompts: ["Fix the jump", "A bit higher"],
    directory,
  });
  expect(room.told("usage").at(-1)).toMatchObject({ input_tokens: 100, output_tokens: 20 });
});

it("begins anew where the conversation before is gone, and says so", async () => {
  const { room, run } = await scene("[{ steps: [{ say: Done. }] }]");
  expect(await run({ session: "11111111-2222-4333-8444-555555555555" })).toEqual({
    success: true,
    summary: "Done.",
  });
  expect(room.told("output").map(({ text }) => text)).toContain(
    "The conversation before is gone; codex begins a new one.",
  );
});

it("shows a helper that comes, works and goes", async () => {
  const { room, run } = await scene(`
- steps:
  - helper:
      name: Look around
      prompt: Look at the tests
      steps: [{ run: ls }, { say: Seen. }]
  - say: Done.
`);
  expect(await run()).toEqual({ success: true, summary: "Done." });
  const helper = room.told("helper")[0]?.helper;
  expect(room.told("helper")).toEqual([{ kind: "helper", helper, name: "look around" }]);
  expect(room.told("tool").map(({ title, of }) => [title, of])).toContainEqual(["ls", helper]);
  expect(room.told("helper_gone")).toEqual([{ kind: "helper_gone", helper }]);
});

it.each([429, 503, 529])(
  "tells that a model that says %i is tried again, and comes to its end",
  async (status) => {
    const { room, run } = await scene(`
- steps: [{ fail: { status: ${status}, retry_after: 0 } }, { say: Done. }]
`);
    expect(await run()).toEqual({ success: true, summary: "Done." });
    expect(room.told("retry")).toEqual([
      { kind: "retry", message: "The model is overloaded; codex tries again (1 of 9)." },
    ]);
  },
);

it.each([
  ["a model that stays overloaded", 529, "overloaded"],
  ["a key that does not hold", 401, "not_logged_in"],
  ["a model that is not there", 404, "no_model"],
])("says clearly that it could not work for %s", async (_, status, code) => {
  const { run } = await scene(`
- steps: [{ fail: { status: ${status}, times: always, retry_after: 0 } }]
`);
  const args = ["-c", "model_providers.agentvm.stream_max_retries=1"];
  expect(await run(status === 529 ? { args } : {})).toMatchObject({ success: false, code });
});

it("says that nobody is logged in where there is neither a key nor a login", async () => {
  const { run } = await scene(EDITS);
  expect(await run({ environment: { CODEX_API_KEY: "" } })).toMatchObject({
    success: false,
    code: "not_logged_in",
  });
});

it("lives with an answer that is cut off in the middle, and says what comes again once", async () => {
  const { room, run } = await scene("[{ steps: [{ say: Half }, { cut: true }, { say: whole. }] }]");
  expect(await run()).toEqual({ success: true, summary: "whole." });
  expect(room.told("message").map(({ text }) => text)).toEqual(["Half", "whole."]);
});

it("hands a prompt to the model as it is, but for NULs, which no model takes", async () => {
  const { run, room, model } = await scene("[{ steps: [{ say: Done. }] }]");
  const prompt = `--help\n/clear "hi" $(touch owned) \`touch owned\`\\ ${"jump ".repeat(2_000)}end`;
  expect(await run({ prompt: `\0${prompt}` })).toEqual({ success: true, summary: "Done." });
  expect(model.requests.at(-1)?.call?.prompts).toEqual([prompt]);
  expect(existsSync(join(room.directory, "owned"))).toBe(false);
});

it("does what neither the repository's settings nor the person's own would have it do", async () => {
  const { room, run } = await scene("[{ steps: [{ run: touch allowed }, { say: Done. }] }]");
  const server = `[mcp_servers.other]\ncommand = "touch"\nargs = ["${join(room.root, "owned")}"]\n`;
  for (const folder of [join(room.directory, ".codex"), join(room.home, ".codex")]) {
    mkdirSync(join(folder, "rules"), { recursive: true });
    writeFileSync(join(folder, "config.toml"), server);
    writeFileSync(join(folder, "rules", "all.rules"), 'prefix_rule(pattern=["touch"], decision="allow")\n');
  }
  await run();
  const session = room.told("session")[0]?.session ?? "";
  await run({ session });
  expect(room.permissions.map(({ command }) => command)).toEqual(["touch allowed", "touch allowed"]);
  expect(existsSync(join(room.root, "owned"))).toBe(false);
  expect(readFileSync(join(room.home, ".codex", "config.toml"), "utf8")).toBe(server);
});

it("lets no key out by what it tells, by its arguments, or to a command", async () => {
  const { run, room, model } = await scene(`
- steps: [{ run: "env > seen.txt" }, { wait: here }, { say: Done. }]
`);
  const ended = run();
  await model.reached("here");
  const lines = room.processes().map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8"));
  model.release("here");
  await ended;
  expect(lines.length).toBeGreaterThan(0);
  const seen = readFileSync(join(room.directory, "seen.txt"), "utf8");
  expect(seen).not.toContain("CODEX_API_KEY");
  expect(JSON.stringify([lines, room.events, room.permissions, model.requests])).not.toContain(PLANTED_KEY);
});

it("takes its question back when it is cancelled while that is open", async () => {
  const { room, run, text } = await scene(EDITS);
  const cancel = new AbortController();
  const ended = run({
    signal: cancel.signal,
    permit: () => {
      cancel.abort(new Error("cancelled"));
      return new Promise(() => undefined);
    },
  });
  await expect(ended).rejects.toThrow("cancelled");
  expect([room.withdrawn, text(), room.processes()]).toEqual([1, "export const jump = 1;\n", []]);
});
