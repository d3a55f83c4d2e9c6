/** What opencode may do and cannot be brought to do by its model: a stand-in program serves in its place, and says what opencode would. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBackendClock } from "../../../mock-server/domain/index.js";
import { createOpencode, opencode } from "../../../server/src/adapters/opencode.js";
import { AgentRoom } from "../support/agent-room.js";

/** A program that serves as opencode does: `answers` by method and path, and `prompted` as soon as it has its prompt. */
const SERVER = `
const { createServer } = require("node:http");
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
let streams = [];
const tell = (type, properties) => streams.forEach((stream) => stream.write("data: " + JSON.stringify({ type, properties }) + "\\n\\n"));
const message = { id: "m1", sessionID: "s1", role: "assistant" };
const text = { type: "text", id: "p1", sessionID: "s1", messageID: "m1", text: "Done.", time: { end: 1 } };
const answers = {
  "POST /session": () => ({ id: "s1" }),
  "GET /session/s1/message": () => [],
  "GET /session/s1/children": () => [],
  "GET /permission": () => [],
  "GET /question": () => [],
  "GET /session/status": () => ({ s1: { type: "busy" } }),
};
let prompted = () => {};
let connected = () => {};
const serve = () => createServer((request, response) => {
  if (request.url === "/event") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    streams.push(response);
    connected(response);
    return;
  }
  request.resume().on("end", () => {
    const answer = answers[request.method + " " + request.url];
    if (answer !== undefined) return void response.end(typeof answer === "string" ? answer : JSON.stringify(answer()));
    response.end("true");
    if (request.url === "/session/s1/prompt_async") prompted();
  });
}).listen(port, "127.0.0.1", () => console.log("opencode server listening on http://127.0.0.1:" + port));
`;

function standIn(room: AgentRoom, source: string): string {
  const path = join(room.root, "opencode");
  writeFileSync(path, `#!${process.execPath}\n${SERVER}\n${source}\n`);
  chmodSync(path, 0o755);
  return path;
}

function given(room: AgentRoom, source: string) {
  return { prompt: "Fix it", program: standIn(room, source), environment: {} };
}

/** Has the stand-in do a task, to its end. */
function runStandIn(room: AgentRoom, source: string, adapter = opencode) {
  return adapter.run(room.run(given(room, source)));
}

const DONE = `tell("message.part.updated", { part: text }); tell("session.idle", { sessionID: "s1" });`;

it("reads again what it missed while the event stream was broken off", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `prompted = () => {
           answers["GET /session/s1/message"] = () => [{ info: message, parts: [text] }];
           answers["GET /session/status"] = () => ({});
           streams.forEach((stream) => stream.destroy());
         };
         serve();`,
  );
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.told("message")).toHaveLength(1);
});

it("asks once for a permission that is told again after a break, and answers it", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `const asked = { id: "r1", sessionID: "s1", permission: "bash", metadata: { command: "ls" } };
         answers["GET /permission"] = () => [asked];
         let left = 2;
         const end = () => { left -= 1; if (left === 0) setImmediate(() => { ${DONE} }); };
         prompted = () => {
           tell("permission.asked", asked);
           connected = end;
           setImmediate(() => streams.shift().destroy());
         };
         answers["POST /permission/r1/reply"] = () => { end(); return true; };
         serve();`,
  );
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.permissions).toHaveLength(1);
});

it("gives up where opencode's event stream breaks off again and again", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `connected = (stream) => setImmediate(() => stream.destroy()); serve();`,
  );
  expect(result).toMatchObject({ success: false, code: "crashed" });
  expect(JSON.stringify(result)).toContain("does not keep its connection");
});

it("skips events that it does not know, those that lack what they should have, and what is no JSON", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(
    room,
    `prompted = () => {
           tell("session.tomorrow", {}); tell("permission.asked", { id: 7 }); tell("todo.updated", null);
           streams.forEach((stream) => stream.write(": a comment\\n\\ndata: {half\\n\\ndata: 7\\n\\n"));
           ${DONE}
         };
         serve();`,
  );
  expect(result).toEqual({ success: true, summary: "Done." });
  expect(room.permissions).toEqual([]);
});

it("fails in words where opencode answers a call with what is no JSON", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(room, `answers["POST /session"] = "<html>502</html>"; serve();`);
  expect(result).toMatchObject({ success: false, code: "crashed" });
  expect(room.processes()).toEqual([]);
});

it.each([
  ["ends", "process.exit(3);"],
  ["is killed", `process.kill(process.pid, "SIGKILL");`],
])("fails in words where opencode %s in the middle", async (_, source) => {
  using room = new AgentRoom();
  const result = await runStandIn(room, `prompted = () => { ${source} }; serve();`);
  expect(result).toMatchObject({ success: false, code: "crashed" });
});

it("says what opencode said where it ends before it listens", async () => {
  using room = new AgentRoom();
  const result = await runStandIn(room, `console.error("no space left"); process.exitCode = 1;`);
  expect(result).toMatchObject({ success: false, code: "crashed" });
  expect(JSON.stringify(result)).toContain("no space left");
});

it("ends an opencode that never says where it listens", async () => {
  using room = new AgentRoom();
  const clock = createBackendClock("manual");
  const running = runStandIn(
    room,
    `console.log("Migrating"); setInterval(() => {}, 1000);`,
    createOpencode({ clock }),
  );
  await room.heard(({ kind }) => kind === "output");
  clock.advance(60_000);
  expect(await running).toMatchObject({ success: false, code: "crashed" });
  expect(room.processes()).toEqual([]);
});

it("ends an opencode that does nothing for twenty minutes, though its server lives", async () => {
  using room = new AgentRoom();
  const clock = createBackendClock("manual");
  const running = runStandIn(
    room,
    `prompted = () => tell("message.part.updated", { part: text }); serve();`,
    createOpencode({ clock }),
  );
  await room.heard(({ kind }) => kind === "message");
  clock.advance(1_200_000);
  expect(await running).toMatchObject({ success: false, code: "hung" });
  expect(room.processes()).toEqual([]);
});

it("has all the time that the player takes for an answer", async () => {
  using room = new AgentRoom();
  const clock = createBackendClock("manual");
  const result = await createOpencode({ clock }).run(
    room.run({
      ...given(
        room,
        `prompted = () => tell("permission.asked", { id: "r1", sessionID: "s1", permission: "bash", metadata: { command: "ls" } });
         answers["POST /permission/r1/reply"] = () => { setImmediate(() => { ${DONE} }); return true; };
         serve();`,
      ),
      permit: async () => {
        // Whoever asks goes on first, and waits.
        await Promise.resolve();
        clock.advance(3_600_000);
        return { verdict: "once", reason: null };
      },
    }),
  );
  expect(result).toEqual({ success: true, summary: "Done." });
});
