/** What codex may do and cannot be brought to do by its model: a stand-in program does it, and says what codex would. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codex, createCodex } from "../../../server/src/adapters/codex.js";
import type { Adapter, AgentResult } from "../../../server/src/adapters/adapter.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { AgentRoom } from "../support/agent-room.js";
import type { RoomRun } from "../support/agent-room.js";
import { realCli } from "../support/clis.js";

/** The app-server of a codex that begins a conversation, does what `turn` says in its turn, and ends when nobody speaks to it any more. */
const APP_SERVER = `
const { createInterface } = require("node:readline");
const write = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
const tell = (method, params) => write({ method, params: { threadId: "t", ...params } });
let isOver = false;
const over = (status = "completed") => {
  isOver = true;
  tell("turn/completed", { turn: { id: "1", status, error: null } });
};
const say = (text, more = {}) =>
  tell("item/completed", { item: { type: "agentMessage", id: text, text, ...more } });
let count = 0;
const answers = [];
const ask = (method, params) =>
  new Promise((resolve) => {
    const id = (count += 1);
    answers[id] = resolve;
    write({ id, method, params: { threadId: "t", turnId: "1", itemId: "i", ...params } });
  });
const RESULTS = { "thread/start": { thread: { id: "t" } }, "turn/start": { turn: { id: "1" } } };
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  if (method === undefined) return answers[id](result ?? error);
  if (id === undefined) return;
  if (method === "turn/steer" && isOver) return write({ id, error: { message: "no active turn" } });
  write({ id, result: RESULTS[method] ?? {} });
  if (method === "turn/steer") heard(params.input[0].text);
  if (method === "turn/start") {
    isOver = false;
    tell("turn/started", { turn: { id: "1", status: "inProgress" } });
    turn(params.input[0].text);
  }
});
let heard = () => undefined;
`;

/** A program in the place of codex, whose turn is JavaScript. */
function standIn(room: AgentRoom, turn: string): string {
  const path = join(room.root, "codex");
  writeFileSync(path, `#!${process.execPath}\n${APP_SERVER}\nasync function turn(text) {\n${turn}\n}\n`);
  chmodSync(path, 0o755);
  return path;
}

function runStandIn(
  room: AgentRoom,
  turn: string,
  { adapter = codex, ...given }: Partial<RoomRun> & { readonly adapter?: Adapter } = {},
): Promise<AgentResult> {
  return adapter.run(room.run({ prompt: "Fix it", program: standIn(room, turn), environment: {}, ...given }));
}

it("ends a codex that does not end by itself, and keeps the result", async () => {
  using room = new AgentRoom();
  const adapter = createCodex({ afterResultMs: 0 });
  const result = await runStandIn(room, `setInterval(() => {}, 1000); say("Done."); over();`, { adapter });
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.processes()).toEqual([]);
});

it("takes what is no JSON for output, skips what it does not know, and goes on", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `console.log("npm warn deprecated"); tell("tomorrow", {}); tell("item/started", { item: 7 });
     tell("item/started", { item: { type: "tomorrow", id: "x" } }); write([]); write({ id: 999, result: {} });
     say("Done."); over();`,
  );
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.told("output").map(({ text }) => text)).toEqual(["npm warn deprecated", "[]"]);
});

it("takes a question back that codex does not need answered any more", async () => {
  using room = new AgentRoom();
  await runStandIn(
    room,
    `process.once("SIGUSR1", () => { tell("serverRequest/resolved", { requestId: 1 }); say("Done."); over(); });
     ask("item/commandExecution/requestApproval", { command: "ls" });`,
    {
      permit: () => {
        for (const id of room.processes()) process.kill(Number(id), "SIGUSR1");
        return new Promise(() => undefined);
      },
    },
  );
  expect(room.withdrawn).toBe(1);
});

it("tells codex what the player has said along with a no", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `const told = new Promise((resolve) => { heard = resolve; });
     const { decision } = await ask("item/commandExecution/requestApproval", { command: "touch a" });
     say(decision + ": " + (await told)); over();`,
    { permit: async () => ({ verdict: "no", reason: "The player said no: Use b", words: "Use b" }) },
  );
  expect(room.told("message").map(({ text }) => text)).toEqual(["decline: Use b"]);
  expect(result).toMatchObject({ success: false, code: "denied" });
});

it("allows nothing that it cannot put to the player", async () => {
  using room = new AgentRoom();
  await runStandIn(
    room,
    `const said = [
       await ask("item/permissions/requestApproval", { permissions: { network: { enabled: true } } }),
       await ask("mcpServer/elicitation/request", { message: "Your password?" }),
       await ask("applyPatchApproval", {}),
       await ask("item/tool/call", {}),
     ];
     say(JSON.stringify(said)); over();`,
  );
  expect(JSON.parse(room.told("message")[0]?.text ?? "")).toEqual([
    { permissions: {}, scope: "turn" },
    { action: "decline", content: null, _meta: null },
    { decision: "denied" },
    { code: -32_601, message: "item/tool/call is not known here" },
  ]);
  expect([room.permissions, room.questions]).toEqual([[], []]);
});

it("asks before it types into a command that runs, or reaches for a host", async () => {
  using room = new AgentRoom();
  await runStandIn(
    room,
    `await ask("item/commandExecution/requestApproval", { kind: "writeStdin", command: "yes\\n" });
     await ask("item/commandExecution/requestApproval", { networkApprovalContext: { host: "example.com" } });
     say("Done."); over();`,
  );
  expect(room.permissions.map(({ tool, title, command }) => [tool, title, command])).toEqual([
    ["execute", "Type into a command that runs", "yes\n"],
    ["fetch", "https://example.com/", null],
  ]);
});

it.each([
  [
    "moves and deletes files",
    `[{ path: "a", kind: { type: "update", move_path: "b" }, diff: "" }]`,
    ["move", "Move a", ["a", "b"], "--- a/a\n+++ b/b\n"],
  ],
  [
    "deletes a file",
    `[{ path: "a", kind: { type: "delete" }, diff: "old\\n" }]`,
    ["delete", "Delete a", ["a"], "--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n"],
  ],
  [
    "makes files",
    `[{ path: "a", kind: { type: "add" }, diff: "new\\n" }, { path: "b", kind: { type: "add" }, diff: "" }]`,
    [
      "edit",
      "Edit a and 1 more",
      ["a", "b"],
      "--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+new\n--- /dev/null\n+++ b/b\n",
    ],
  ],
])("asks what codex wants to change where it %s", async (_, changes, asked) => {
  using room = new AgentRoom();
  await runStandIn(
    room,
    `tell("item/started", { item: { type: "fileChange", id: "i", status: "inProgress", changes: ${changes} } });
     await ask("item/fileChange/requestApproval", {}); say("Done."); over();`,
  );
  expect(room.permissions.map(({ tool, title, paths, diff }) => [tool, title, paths, diff])).toEqual([asked]);
});

it("tells codex an answer for which it did not wait", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `heard = (text) => { say(text); over(); };
     say("Red?", { questions: [{ title: "Red or blue?", options: ["red", "blue"] }] });`,
    { ask: async () => ({ choice: "2" }) },
  );
  expect(result).toEqual({ success: true, summary: "Red or blue?\nblue" });
});

it("begins another turn with an answer that comes when codex has said its last", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `if (text === "Fix it") { say("Red?", { questions: [{ title: "Red or blue?" }] }); over(); }
     else { say("So it is " + text); over(); }`,
    {
      ask: async () => {
        await room.heard((event) => event.kind === "message");
        return { text: "green" };
      },
    },
  );
  expect(result).toMatchObject({ success: true });
  expect(JSON.stringify(result)).toContain("green");
});

it("waits for a helper that works when codex itself is done", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `tell("item/started", { item: { type: "subAgentActivity", id: "s", kind: "started", agentThreadId: "h", agentPath: "/root/tester" } });
     say("It works on."); over();
     tell("item/completed", { threadId: "h", item: { type: "commandExecution", id: "c", command: "npm test", status: "completed" } });
     tell("turn/completed", { threadId: "h", turn: { id: "2", status: "completed" } });`,
  );
  expect(result).toMatchObject({ success: true });
  expect(room.events.filter(({ kind }) => kind !== "session").map(({ kind }) => kind)).toEqual([
    "helper",
    "message",
    "tool",
    "helper_gone",
  ]);
});

it.each([
  ["ends well without having said anything", "process.exit(0);", "crashed", "codex ended without a result."],
  [
    "fails",
    `console.error("no space left"); process.exitCode = 3; process.stdin.destroy();`,
    "crashed",
    "no space left",
  ],
  ["is interrupted by somebody else", `over("interrupted");`, "gave_up", "told to stop"],
  [
    "is past its limit",
    `tell("turn/completed", { turn: { id: "1", status: "failed", error: { message: "Limit.", codexErrorInfo: "usageLimitExceeded" } } });`,
    "no_credit",
    "limit is used up (Limit.)",
  ],
  [
    "has come to the end of what the model takes",
    `tell("turn/completed", { turn: { id: "1", status: "failed", error: { message: "Full.", codexErrorInfo: "contextWindowExceeded" } } });`,
    "too_long",
    "too long for the model",
  ],
])("says what happened when codex %s", async (_, turn, code, said) => {
  using room = new AgentRoom();
  const result = await runStandIn(room, turn);
  expect(result).toMatchObject({ success: false, code });
  expect(JSON.stringify(result)).toContain(said);
});

it("says that codex is not installed", async () => {
  using room = new AgentRoom();
  const result = await codex.run(room.run({ prompt: "Fix it", program: "/nowhere/codex", environment: {} }));
  expect(result).toMatchObject({ success: false, code: "not_installed" });
});

it("says what to do where it can keep nothing", async () => {
  using room = new AgentRoom();
  const environment = { XDG_STATE_HOME: join(room.directory, ".git", "HEAD") };
  const result = await runStandIn(room, "over();", { environment });
  expect(result).toMatchObject({ success: false, code: "crashed" });
  expect(JSON.stringify(result)).toContain("Set XDG_STATE_HOME to one that can be written.");
});

it("renews the person's own login, and not a copy of it", async () => {
  using room = new AgentRoom();
  const login = join(room.home, ".codex", "auth.json");
  mkdirSync(join(room.home, ".codex"));
  writeFileSync(login, "old");
  await runStandIn(
    room,
    `require("node:fs").writeFileSync(process.env.CODEX_HOME + "/auth.json", "renewed"); say("Done."); over();`,
  );
  expect(readFileSync(login, "utf8")).toBe("renewed");
});

it.each([
  ["key", { CODEX_API_KEY: "sk-1" }],
  ["login", { OPENAI_API_KEY: "sk-for-something-else" }],
  ["login", {}],
  ["none", { CODEX_HOME: "/nowhere" }],
])("finds codex, its version, and as login: %s", async (login, variables) => {
  using room = new AgentRoom();
  mkdirSync(join(room.home, ".codex"));
  writeFileSync(join(room.home, ".codex", "auth.json"), "{}");
  const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: room.home, ...variables };
  const processes = createProcesses({ task: "look", directories: [], redactor: createRedactor(environment) });
  const program = realCli("codex");
  const seen = await codex.look({ processes, environment, program, directory: room.directory });
  expect(seen).toEqual({ found: true, path: program, version: codex.known.at(-1), login });
});

it("says how to get codex where it is not", async () => {
  using room = new AgentRoom();
  const environment = { PATH: room.home, HOME: room.home };
  const processes = createProcesses({ task: "look", directories: [], redactor: createRedactor(environment) });
  const seen = await codex.look({ processes, environment, program: null, directory: room.directory });
  expect(seen).toMatchObject({ found: false });
});
