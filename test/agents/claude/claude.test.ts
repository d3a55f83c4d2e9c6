import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { claude } from "../../../server/src/adapters/claude.js";
import { PLANTED_KEY } from "../support/agent-room.js";
import { realCli } from "../support/clis.js";
import { scenesFor } from "../support/scenes.js";

const scene = scenesFor(claude, {
  program: realCli("claude"),
  file: "jump = 1;\n",
  variables: (url) => ({
    ANTHROPIC_BASE_URL: url,
    ENABLE_TOOL_SEARCH: "false",
    CLAUDE_CODE_MAX_RETRIES: "2",
  }),
});

const EDITS = `
- steps:
  - think: Where is it?
  - say: I look.
  - read: player.ts
  - edit: { path: player.ts, old: "1", new: "2" }
  - say: The jump is mended.
`;

it("edits a file and says what it has done", async () => {
  const { room, run, text } = await scene(EDITS);
  expect(await run()).toEqual({ success: true, summary: "The jump is mended." });
  expect(text()).toBe("jump = 2;\n");
  expect(room.told("tool").map(({ tool, title, status }) => [tool, title, status])).toEqual([
    ["read", "Read player.ts", "running"],
    ["read", "Read player.ts", "done"],
    ["edit", "Edit player.ts", "running"],
    ["edit", "Edit player.ts", "done"],
  ]);
});

it("asks before it edits, with the file and what would change", async () => {
  const { room, run } = await scene(EDITS);
  await run();
  expect(room.permissions).toEqual([
    {
      kind: "permission",
      tool: "edit",
      tool_name: "Edit",
      title: "Edit player.ts",
      paths: [join(room.directory, "player.ts")],
      command: null,
      diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1,1 +1,1 @@\n-jump = 1;\n+jump = 2;\n",
    },
  ]);
});

it("does nothing that it was denied, and does not call that success", async () => {
  const { run, text } = await scene(EDITS);
  const result = await run({ permit: async () => ({ verdict: "no", reason: "Not now." }) });
  expect(result).toMatchObject({ success: false, code: "denied" });
  expect(text()).toBe("jump = 1;\n");
});

it("puts its question to the player and goes on with the answer", async () => {
  const { room, run, model } = await scene(`
- steps:
  - ask: { question: "How high?", options: [Low, High] }
  - say: Fine.
`);
  await run({ ask: async () => ({ choice: "2" }) });
  expect(room.questions[0]).toMatchObject({
    text: "How high?",
    options: [
      { id: "1", label: "Low" },
      { id: "2", label: "High" },
    ],
  });
  expect(model.requests.at(-1)?.call?.rounds).toEqual([{ failed: false }]);
});

it("leaves no process when it is cancelled in the middle of a command", async () => {
  const { room, run } = await scene(`
- steps:
  - run: "touch begun; sleep 300"
`);
  const cancel = new AbortController();
  const ended = run({ signal: cancel.signal });
  await room.heard((event) => event.kind === "tool" && event.status === "running");
  cancel.abort(new Error("cancelled"));
  await expect(ended).rejects.toThrow("cancelled");
  expect(room.processes()).toEqual([]);
});

it("goes on with the conversation before", async () => {
  const { room, run, model } = await scene(`
- prompt: higher
  after: jump
  steps: [{ say: Higher now. }]
- prompt: jump
  steps: [{ say: Mended. }]
`);
  await run();
  const session = room.told("session")[0]?.session ?? "";
  expect(await run({ prompt: "A bit higher", session })).toEqual({ success: true, summary: "Higher now." });
  expect(model.requests.at(-1)?.call?.prompts).toEqual(["Fix the jump", "A bit higher"]);
});

it("begins anew where the conversation before is gone, and says so", async () => {
  const { room, run } = await scene("[{ steps: [{ say: Done. }] }]");
  expect(await run({ session: "11111111-2222-4333-8444-555555555555" })).toEqual({
    success: true,
    summary: "Done.",
  });
  expect(room.told("output").map(({ text }) => text)).toContain(
    "The conversation before is gone; claude begins a new one.",
  );
});

it("takes a command of claude's own in a prompt for words", async () => {
  const { model, run } = await scene("[{ steps: [{ say: Done. }] }]");
  await run({ prompt: "/clear" });
  expect(model.requests.at(-1)?.call?.prompts).toEqual(["Task: /clear"]);
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
  await run();
  const helper = room.told("helper")[0]?.helper;
  expect(room.told("helper")).toEqual([{ kind: "helper", helper, name: "Look around" }]);
  expect(room.told("tool").map(({ title, of }) => [title, of])).toContainEqual(["ls", helper]);
  expect(room.told("helper_gone")).toEqual([{ kind: "helper_gone", helper }]);
});

it("tells its plan as it changes", async () => {
  const { room, run } = await scene(`
- steps:
  - plan: [{ text: Look, status: done }, { text: Mend, status: running }]
  - say: Done.
`);
  await run();
  expect(room.told("plan").at(-1)?.entries).toEqual([
    { text: "Look", status: "done" },
    { text: "Mend", status: "running" },
  ]);
});

it("tells that an overloaded model is tried again, and comes to its end", async () => {
  const { room, run } = await scene(`
- steps: [{ fail: { status: 529, retry_after: 0 } }, { say: Done. }]
`);
  expect(await run()).toEqual({ success: true, summary: "Done." });
  expect(room.told("retry")).toEqual([
    { kind: "retry", message: "The model is overloaded; claude tries again (1 of 2)." },
  ]);
});

it.each([
  ["a model that stays overloaded", 529, "overloaded"],
  ["a key that does not hold", 401, "not_logged_in"],
])("says clearly that it could not work for %s", async (_, status, code) => {
  const { run } = await scene(`
- steps: [{ fail: { status: ${status}, times: always, retry_after: 0 } }]
`);
  expect(await run({ environment: { CLAUDE_CODE_MAX_RETRIES: "1" } })).toMatchObject({
    success: false,
    code,
  });
});

it("says that nobody is logged in where there is no key", async () => {
  const { run } = await scene(EDITS);
  expect(await run({ environment: { ANTHROPIC_API_KEY: "" } })).toMatchObject({
    success: false,
    code: "not_logged_in",
  });
});

it("lives with an answer that is cut off in the middle", async () => {
  const { run } = await scene(`
- steps: [{ say: Half }, { cut: true }, { say: whole. }]
`);
  expect(await run()).toMatchObject({ success: true });
});

it("reads an answer that comes a byte at a time", async () => {
  const { run } = await scene(`
- steps: [{ trickle: 1 }, { say: { text: "Grüße 🎮", piece: 1 } }]
`);
  expect(await run()).toEqual({ success: true, summary: "Grüße 🎮" });
});

it.each([
  ["quotes and newlines", 'Say "hi"\n$(touch owned) `touch owned`\\'],
  ["a NUL", "one\0two"],
  ["an option", "--dangerously-skip-permissions --help"],
  ["10,000 characters", "jump ".repeat(2_000).trim()],
])("hands a prompt with %s to the model as it is", async (_, prompt) => {
  const { run, room, model } = await scene("[{ steps: [{ say: Done. }] }]");
  expect(await run({ prompt })).toEqual({ success: true, summary: "Done." });
  expect(model.requests.at(-1)?.call?.prompts).toEqual([prompt]);
  expect(existsSync(join(room.directory, "owned"))).toBe(false);
});

it("lets no key out by what it tells, nor by its arguments", async () => {
  const { run, room, model } = await scene(`
- steps: [{ run: "touch begun" }, { wait: here }, { say: Done. }]
`);
  const ended = run();
  await model.reached("here");
  const lines = room.processes().map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8"));
  model.release("here");
  await ended;
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify([lines, room.events, room.permissions, model.requests])).not.toContain(PLANTED_KEY);
});

it("lives with a command that prints more than anybody reads", async () => {
  const { run } = await scene(`
- steps: [{ run: "head -c 20000000 /dev/zero | tr '\\\\0' x" }, { say: Done. }]
`);
  expect(await run()).toEqual({ success: true, summary: "Done." });
});

it("lives with a model that floods it", async () => {
  const { run } = await scene("[{ steps: [{ flood: 3000000 }, { say: Done. }] }]");
  expect(await run()).toMatchObject({ success: true });
});

it("asks again for each command, so that whoever answers decides for how long a yes holds", async () => {
  const { room, run } = await scene(`
- steps: [{ run: touch a }, { run: touch a }, { say: Done. }]
`);
  await run({ permit: async () => ({ verdict: "always", reason: null }) });
  expect(room.permissions.map(({ command }) => command)).toEqual(["touch a", "touch a"]);
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
  expect([room.withdrawn, text(), room.processes()]).toEqual([1, "jump = 1;\n", []]);
});

it("goes on with a conversation in another worktree of the same repository", async () => {
  const { room, run, model } = await scene("[{ steps: [{ say: Done. }] }]");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: room.directory,
    });
  git("commit", "-q", "--allow-empty", "-m", "Begin");
  git("worktree", "add", "-q", "--detach", "../another");
  await run();
  const session = room.told("session")[0]?.session ?? "";
  await run({ prompt: "Higher", session, directory: join(room.root, "another") });
  expect(model.requests.at(-1)?.call?.prompts).toEqual(["Fix the jump", "Higher"]);
});
