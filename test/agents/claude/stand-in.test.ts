/** What claude may do and cannot be brought to do by its model: a stand-in program does it, and says what claude would. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { claude, createClaude } from "../../../server/src/adapters/claude.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { AgentRoom } from "../support/agent-room.js";
import { realCli } from "../support/clis.js";

const RESULT = `console.log(JSON.stringify({ type: "result", subtype: "success", result: "Done." }));`;

/** A program in the place of claude: JavaScript that runs with its first line of input read. */
function standIn(room: AgentRoom, source: string): string {
  const path = join(room.root, "claude");
  const node = process.execPath;
  writeFileSync(
    path,
    `#!${node}\nconst say = (value) => console.log(JSON.stringify(value));\nprocess.stdin.once("data", () => {\n${source}\n});\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

function runStandIn(room: AgentRoom, source: string, adapter = claude) {
  return adapter.run(room.run({ prompt: "Fix it", program: standIn(room, source), environment: {} }));
}

it("ends a claude that hangs after its result, and keeps the result", async () => {
  using room = new AgentRoom();
  const adapter = createClaude({ afterResultMs: 0 });
  const result = await runStandIn(room, `${RESULT} setInterval(() => {}, 1000);`, adapter);
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.processes()).toEqual([]);
});

it("takes what is no JSON for output, and goes on", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(room, `console.log("npm warn deprecated"); ${RESULT} process.exit(0);`);
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.told("output")).toEqual([{ kind: "output", stream: "stdout", text: "npm warn deprecated" }]);
});

it("skips messages that it does not know, and those that lack what they should have", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `say({ type: "tomorrow" }); say({ type: "assistant", message: 7 }); say(null); say([]); ${RESULT} process.exit(0);`,
  );
  expect(result.success).toBe(true);
  expect(room.events).toEqual([]);
});

it("tells a message once that comes twice", async () => {
  using room = new AgentRoom();
  await runStandIn(
    room,
    `const hi = { type: "assistant", uuid: "1", message: { id: "m", content: [{ type: "text", text: "Hi" }] } };
     say(hi); say(hi); ${RESULT} process.exit(0);`,
  );
  expect(room.told("message")).toHaveLength(1);
});

it("takes a question back that claude does not need answered any more", async () => {
  using room = new AgentRoom();
  const program = standIn(
    room,
    `process.once("SIGUSR1", () => { say({ type: "control_cancel_request", request_id: "1" }); ${RESULT} process.exit(0); });
     say({ type: "control_request", request_id: "1", request: { subtype: "can_use_tool", tool_name: "Bash", input: { command: "ls" } } });`,
  );
  await claude.run(
    room.run({
      prompt: "Fix it",
      program,
      environment: {},
      permit: () => {
        for (const id of room.processes()) process.kill(Number(id), "SIGUSR1");
        return new Promise(() => undefined);
      },
    }),
  );
  expect(room.withdrawn).toBe(1);
});

it.each([
  ["ends well without having said anything", "process.exit(0);", "Claude ended without a result."],
  [
    "fails",
    `console.error("no space left"); process.exitCode = 3; process.stdin.destroy();`,
    "no space left",
  ],
])("says what happened when claude %s", async (_, source, said) => {
  using room = new AgentRoom();
  const result = await runStandIn(room, source);
  expect(result).toMatchObject({ success: false, code: "crashed" });
  expect(JSON.stringify(result)).toContain(said);
});

it("says that claude is not installed", async () => {
  using room = new AgentRoom();
  const result = await claude.run(
    room.run({ prompt: "Fix it", program: "/nowhere/claude", environment: {} }),
  );
  expect(result).toMatchObject({ success: false, code: "not_installed" });
});

it.each([
  ["key", { ANTHROPIC_API_KEY: "sk-ant-1" }],
  ["none", {}],
])("finds claude, its version, and as login: %s", async (login, keys) => {
  using room = new AgentRoom();
  const environment = { PATH: "/usr/bin:/bin", HOME: room.home, ...keys };
  const processes = createProcesses({ task: "look", directories: [], redactor: createRedactor(environment) });
  const program = realCli("claude");
  const seen = await claude.look({ processes, environment, program, directory: room.directory });
  expect(seen).toEqual({ found: true, path: program, version: claude.known.at(-1), login });
});

it("says how to get claude where it is not", async () => {
  using room = new AgentRoom();
  const environment = { PATH: room.home, HOME: room.home };
  const processes = createProcesses({ task: "look", directories: [], redactor: createRedactor(environment) });
  const seen = await claude.look({ processes, environment, program: null, directory: room.directory });
  expect(seen).toMatchObject({ found: false });
});
