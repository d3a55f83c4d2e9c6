import { describe, expect, it } from "vitest";
import { ackSchema, errorBodySchema } from "../../../src/contract/index.js";
import { createRig, KEY, type Rig } from "./rig.js";
import type { Frame, ScriptedConnection } from "./scripted-connection.js";
import { read } from "../../lib/read.js";

const command = (id: string, method: string, params: object): object => ({
  type: "command",
  id,
  method,
  params,
});
const acks = (client: ScriptedConnection): Frame[] => client.ofType("ack").map((ack) => read(ackSchema, ack));

function spawn(rig: Rig, body: object = {}): string {
  return rig.call("agentCreate", { body: { agent_type: "aider", ...body } }).agent_id;
}

describe("a command", () => {
  it("is answered as the REST call is, with its id", () => {
    const rig = createRig();
    const agent_id = spawn(rig);
    const client = rig.join().say(command("c1", "tasks.assign", { prompt: "Fix the jump", agent_id }));
    expect(acks(client)).toEqual([
      {
        type: "ack",
        id: "c1",
        ok: true,
        result: expect.objectContaining({ success: true, agent_id, status: "running" }),
      },
    ]);
  });

  it("is answered behind the events that it caused", () => {
    const rig = createRig();
    spawn(rig);
    const client = rig.join().say(command("c1", "tasks.assign", { prompt: "Fix the jump" }));
    const types = client.frames.map(({ type }) => type);
    expect(types.indexOf("task.assigned")).toBeGreaterThan(0);
    expect(types.indexOf("ack")).toBe(types.length - 1);
  });

  it("has the path's parameters and the body's fields in one object", () => {
    const rig = createRig();
    spawn(rig);
    const { task_id } = rig.call("taskAssign", { body: { prompt: "p" } });
    const client = rig.join().say(command("c1", "tasks.cancel", { task_id, reason: "enough" }));
    expect(acks(client)[0]).toMatchObject({ ok: true, result: { task_id, status: "cancelled" } });
    expect(client.ofType("task.cancelled")[0]?.["data"]).toMatchObject({ task_id, reason: "enough" });
  });

  it("can move one agent, move many and assign a team", () => {
    const rig = createRig();
    const [a, b] = [spawn(rig), spawn(rig)];
    const position = { x: 1, y: 2, z: 3 };
    const client = rig
      .join()
      .say(command("c1", "agents.move", { agent_id: a, position }))
      .say(
        command("c2", "agents.moveMany", {
          updates: [
            { agent_id: b, position },
            { agent_id: "nobody", position },
          ],
        }),
      )
      .say(command("c3", "tasks.assignTeam", { prompt: "Add multiplayer", team_size: 2 }));
    expect(acks(client)).toMatchObject([
      { id: "c1", ok: true, result: { agent_id: a, position, applied: true } },
      {
        id: "c2",
        ok: true,
        result: { applied: [b], failed: [{ agent_id: "nobody", code: "agent_not_found" }] },
      },
      { id: "c3", ok: true, result: { agent_ids: expect.arrayContaining([a, b]) } },
    ]);
  });

  const failing: [string, object | string, string][] = [
    ["of a task that is not there", command("c1", "tasks.cancel", { task_id: "task_0" }), "task_not_found"],
    ["with a blank prompt", command("c1", "tasks.assign", { prompt: " " }), "invalid_request"],
    ["with an unknown field", command("c1", "tasks.assign", { prompt: "p", colour: 1 }), "invalid_request"],
    ["without the path's parameter", command("c1", "tasks.cancel", {}), "invalid_request"],
    ["with a parameter that is no text", command("c1", "tasks.cancel", { task_id: 7 }), "invalid_request"],
    [
      "with a position that is infinite",
      '{"type":"command","id":"c1","method":"agents.move","params":{"agent_id":"a","position":{"x":1e999,"y":0,"z":0}}}',
      "invalid_request",
    ],
    [
      "for a team that there is no room for",
      command("c1", "tasks.assignTeam", { prompt: "p", team_size: 9 }),
      "not_enough_idle_agents",
    ],
  ];
  it.each(failing)("%s is answered with the error body, and the stream goes on", (_what, frame, code) => {
    const rig = createRig({ limits: { max_agents: 8 } });
    const client = rig.join().say(frame);
    const [ack] = acks(client);
    expect(ack).toMatchObject({ id: "c1", ok: false, error: { success: false, code } });
    expect(read(errorBodySchema, ack?.["error"]).request_id).not.toBe("");
    expect(client.closing).toBeNull();
  });

  it("nested too deep is refused and changes nothing", () => {
    const rig = createRig();
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    const client = rig
      .join()
      .say(
        `{"type":"command","id":"c1","method":"tasks.assign","params":{"prompt":"p","metadata":{"a":${deep}}}}`,
      );
    expect(acks(client)[0]).toMatchObject({ ok: false, error: { code: "invalid_request" } });
    expect(rig.backend.engine.counts().pending_tasks).toBe(0);
  });

  it.each([
    ['"__proto__":{"priority":9}', ["params", "__proto__"]],
    ['"metadata":{"a":{"__proto__":1}}', ["params", "metadata", "a", "__proto__"]],
    ['"metadata":{"far":[1e400]}', ["params", "metadata", "far", 0]],
    ['"metadata":{"id":76561198012345679}', ["params", "metadata", "id"]],
  ])(
    "with the parameter %s, which could not be told as it came, is refused, and the stream goes on",
    (part, loc) => {
      const rig = createRig();
      const client = rig
        .join()
        .say(`{"type":"command","id":"c1","method":"tasks.assign","params":{"prompt":"p",${part}}}`);
      expect(acks(client)[0]).toMatchObject({
        ok: false,
        error: { code: "invalid_request", detail: [{ loc }] },
      });
      expect(rig.backend.engine.counts().pending_tasks).toBe(0);
      expect(client.closing).toBeNull();
    },
  );

  it("tells minus zero as zero, in what it did as in what it moved", () => {
    const rig = createRig();
    const agent_id = spawn(rig);
    const client = rig.join();
    client.say(
      `{"type":"command","id":"c1","method":"tasks.assign","params":{"prompt":"p","metadata":{"a":-0},"priority":-0}}`,
    );
    client.say(
      `{"type":"positions","updates":[{"agent_id":"${agent_id}","position":{"x":-0,"y":1,"z":-0.0}}]}`,
    );
    client.sayPositions([{ agent_id, position: { x: -0, y: -0, z: 2 } }]);
    expect(client.ofType("task.assigned")[0]?.["data"].task).toMatchObject({
      metadata: { a: 0 },
      priority: 0,
    });
    expect(client.moves.map(({ data }) => data.position)).toEqual([
      { x: 0, y: 1, z: 0 },
      { x: 0, y: 0, z: 2 },
    ]);
    expect(rig.backend.engine.agents.positionOf(agent_id)).toEqual({ x: 0, y: 0, z: 2 });
  });

  it("counts as more requests when it is large, as the REST call would", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 20 } });
    const client = rig.join();
    for (const id of ["c1", "c2", "c3"])
      client.say(JSON.stringify(command(id, "tasks.assign", { prompt: "p" })).padEnd(640_100));
    client.say(command("c4", "tasks.cancel", { task_id: "task_0" }));
    expect(acks(client).map((ack) => (ack["ok"] === true ? "done" : ack["error"].code))).toEqual([
      "done",
      "done",
      "rate_limited",
      "rate_limited",
    ]);
    // The second was let in with nine left and cost ten: one more is to be waited for, and one to be had.
    rig.backend.clock.advance(8_000);
    client.say(command("c5", "tasks.cancel", { task_id: "task_0" }));
    expect(acks(client).at(-1)).toMatchObject({ error: { code: "task_not_found" } });
  });

  it("of a session cannot touch another game's agent", () => {
    const rig = createRig();
    const one = rig.game("one");
    rig.game("two");
    const agent_id = spawn(rig, { game_id: "two" });
    const client = rig
      .join({ session_token: one.session_token })
      .say(command("c1", "tasks.assign", { prompt: "p", agent_id }));
    expect(acks(client)[0]).toMatchObject({ ok: false, error: { code: "agent_not_found" } });
  });

  it("counts as a request of its caller, as the REST call would", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 4 } });
    // The hello is the first of them.
    const client = rig.join();
    for (const id of ["c1", "c2", "c3", "c4"]) client.say(command(id, "tasks.cancel", { task_id: "task_0" }));
    expect(acks(client).map(({ error }) => error.code)).toEqual([
      "task_not_found",
      "task_not_found",
      "task_not_found",
      "rate_limited",
    ]);
  });

  it("that fails by a fault of the server tells nothing of it, and the fault is reported", () => {
    const rig = createRig();
    const fault = new Error("the disk of db-7 is full");
    const cancel = (): never => {
      throw fault;
    };
    Object.assign(rig.backend.engine.tasks, { cancel });
    const client = rig.join().say(command("c1", "tasks.cancel", { task_id: "task_0" }));
    expect(acks(client)[0]).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(client.sent.join()).not.toContain("db-7");
    expect(rig.errors).toEqual([fault]);
  });

  it("waits in order behind events when its client is slow", () => {
    const rig = createRig({}, { socketBytesMax: 100 });
    spawn(rig);
    const client = rig.join();
    client.stuck = true;
    client.say(command("c1", "tasks.assign", { prompt: "p" }));
    for (let round = 0; round < 10; round += 1) client.readAll();
    const types = client.frames.map(({ type }) => type);
    expect(types[0]).toBe("welcome");
    expect(types.at(-1)).toBe("ack");
    expect(types).toContain("task.started");
  });

  it("whose answers are not read ends in a slow reader's close, not in memory", () => {
    const rig = createRig({}, { sendBufferMaxBytes: 50_000 });
    const client = rig.join();
    client.stuck = true;
    for (let count = 0; count < 1_000 && client.closing === null; count += 1) {
      client.say(command(`c${count}`, "tasks.cancel", { task_id: "task_0" }));
    }
    expect(client.closing?.code).toBe(4413);
  });
});

describe("a command's id", () => {
  const params = { prompt: "Fix the jump" };
  const rest = (rig: Rig, key: string, body: object) =>
    rig.backend.operations.run(
      "taskAssign",
      rig.backend.access.identify({ apiKey: KEY }),
      { body },
      { origin: "http://x", idempotencyKey: key },
    );

  it("said twice makes one task and gives one answer", () => {
    const rig = createRig();
    const client = rig.join();
    client.say(command("same", "tasks.assign", params)).say(command("same", "tasks.assign", params));
    const [first, second] = acks(client);
    expect(second).toEqual(first);
    expect(client.ofType("task.assigned")).toHaveLength(1);
  });

  it("is the key that REST carries: sent, lost and sent again by the other way it happens once", () => {
    const rig = createRig();
    const client = rig.join().say(command("same", "tasks.assign", params));
    const again = rest(rig, "same", params);
    expect(again).toMatchObject({ replayed: true, answer: acks(client)[0]?.["result"] });
    expect(client.ofType("task.assigned")).toHaveLength(1);
  });

  it("that REST carried before is answered with what REST was", () => {
    const rig = createRig();
    const { answer } = rest(rig, "same", params);
    const client = rig.join().say(command("same", "tasks.assign", params));
    expect(acks(client)[0]).toEqual({ type: "ack", id: "same", ok: true, result: answer });
    expect(client.ofType("task.assigned")).toEqual([]);
  });

  it("is good across connections", () => {
    const rig = createRig();
    const first = rig.join().say(command("same", "tasks.assign", params));
    first.events.closed();
    const second = rig.join().say(command("same", "tasks.assign", params));
    expect(acks(second)).toEqual(acks(first));
  });

  it("used for something else is a conflict", () => {
    const rig = createRig();
    const client = rig.join().say(command("same", "tasks.assign", params));
    client.say(command("same", "tasks.assign", { prompt: "Another" }));
    expect(acks(client)[1]).toMatchObject({ ok: false, error: { code: "idempotency_conflict" } });
  });
});

describe("a positions frame", () => {
  const at = (x: number) => ({ x, y: 0, z: 0 });

  it("moves agents and has no answer", () => {
    const rig = createRig();
    const [a, b] = [spawn(rig), spawn(rig)];
    const client = rig.join().say({
      type: "positions",
      updates: [
        { agent_id: a, position: at(1) },
        { agent_id: b, position: at(2) },
      ],
    });
    expect(client.moves.map(({ data }) => [data.agent_id, data.position.x])).toEqual([
      [a, 1],
      [b, 2],
    ]);
    expect(client.ofType("ack")).toEqual([]);
  });

  it("with an id is answered behind the events that it caused, with what came to nothing alone", () => {
    const rig = createRig();
    const [a, b] = [spawn(rig), spawn(rig)];
    const client = rig.join();
    const say = (id: string, updates: unknown[]) => client.say({ type: "positions", id, updates });
    say("p1", [{ agent_id: a, position: at(1), sequence: 2 }]);
    expect(client.frames.map(({ type }) => type).slice(-2)).toEqual(["latest", "ack"]);
    say("p2", [
      { agent_id: a, position: at(2), sequence: 1 },
      { agent_id: b, position: at(3) },
      { agent_id: "nobody", position: at(4) },
    ]);
    say("p3", [{ agent_id: a, position: { x: 1e9, y: 0, z: 0 } }, { agent_id: b, position: at(5) }, "?"]);
    expect(acks(client)).toEqual([
      { type: "ack", id: "p1", ok: true, result: {} },
      {
        type: "ack",
        id: "p2",
        ok: true,
        result: {
          outdated: [{ agent_id: a, position: at(1) }],
          failed: [{ agent_id: "nobody", code: "agent_not_found", error: "No agent has the id 'nobody'." }],
        },
      },
      {
        type: "ack",
        id: "p3",
        ok: true,
        result: {
          failed: [{ agent_id: a, code: "invalid_request", error: expect.stringContaining("100000") }],
        },
      },
    ]);
  });

  it("with an id that fails by a fault of the server is answered so, and the stream goes on", () => {
    const rig = createRig();
    const moveMany = (): never => {
      throw new Error("the disk of db-7 is full");
    };
    Object.assign(rig.backend.engine.agents, { moveMany });
    const client = rig
      .join()
      .say({ type: "positions", id: "p1", updates: [{ agent_id: "a", position: at(1) }] });
    expect(acks(client)).toMatchObject([{ id: "p1", ok: false, error: { code: "internal" } }]);
    expect(client.closing).toBeNull();
  });

  it("has updates that fit nothing dropped and the others applied", () => {
    const rig = createRig();
    const a = spawn(rig);
    const client = rig.join().say({
      type: "positions",
      updates: [
        { agent_id: a, position: { x: 1e9, y: 0, z: 0 } },
        { agent_id: a, position: { x: null, y: 0, z: 0 } },
        { agent_id: "nobody", position: at(1) },
        { agent_id: a, position: at(3), colour: 1 },
        "?",
        { agent_id: a, position: at(4) },
      ],
    });
    expect(client.closing).toBeNull();
    expect(client.moves.map(({ data }) => data.position.x)).toEqual([4]);
  });

  it("with nothing in it that fits changes nothing", () => {
    const rig = createRig();
    const client = rig.join().say({ type: "positions", updates: [{ agent_id: "a/b" }] });
    expect(client.closing).toBeNull();
    expect(client.stream).toEqual([]);
  });

  it("of a session does not move another game's agent", () => {
    const rig = createRig();
    const one = rig.game("one");
    rig.game("two");
    const agent_id = spawn(rig, { game_id: "two" });
    const watcher = rig.join();
    const client = rig.join({ session_token: one.session_token });
    client.say({ type: "positions", updates: [{ agent_id, position: at(5) }] });
    expect(client.closing).toBeNull();
    expect(watcher.moves).toEqual([]);
  });

  it("does not use up the requests of its caller", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 2 } });
    const a = spawn(rig);
    const client = rig.join();
    for (let x = 1; x <= 10; x += 1)
      client.say({ type: "positions", updates: [{ agent_id: a, position: at(x) }] });
    expect(client.moves).toHaveLength(10);
  });

  it("older than the last by its sequence is not applied", () => {
    const rig = createRig();
    const a = spawn(rig);
    const client = rig.join();
    for (const sequence of [2, 1, 3]) {
      client.say({ type: "positions", updates: [{ agent_id: a, position: at(sequence), sequence }] });
    }
    expect(client.moves.map(({ data }) => data.sequence)).toEqual([2, 3]);
  });

  it("is measured against what the client that it names sent before, by whatever way", () => {
    const rig = createRig();
    const a = spawn(rig);
    const client = rig.join();
    const say = (client_id: string, sequence: number): void => {
      client.say({
        type: "positions",
        client_id,
        updates: [{ agent_id: a, position: at(1), sequence }],
      });
    };
    say("before", 1_757_000_000_000);
    say("after", 1);
    client.say(
      command("c1", "agents.move", { agent_id: a, position: at(5), sequence: 5, client_id: "after" }),
    );
    say("after", 4);
    say("before", 1_756_000_000_000);
    say("after", 6);
    expect(client.moves.map(({ data }) => data.sequence)).toEqual([1_757_000_000_000, 1, 5, 6]);
  });

  it("whose client's name is no id ends the connection", () => {
    const frame = { type: "positions", client_id: "a b", updates: [{ agent_id: "a", position: at(1) }] };
    expect(createRig().join().say(frame).closing).toMatchObject({ code: 4400 });
    expect(createRig().join().sayPositions(frame.updates, "a b").closing).toMatchObject({ code: 4400 });
  });
});

describe("positions that a client in the same page hands over", () => {
  const at = (x: number) => ({ x, y: 0, z: 0 });

  it("move agents, and what fits nothing among them is dropped", () => {
    const rig = createRig();
    const a = spawn(rig);
    const client = rig
      .join()
      .sayPositions([{ agent_id: a, position: at(NaN) }, "?", { agent_id: a, position: at(4) }]);
    expect(client.closing).toBeNull();
    expect(client.moves.map(({ data }) => data.position.x)).toEqual([4]);
  });

  it("end the connection when they are more than a frame may hold", () => {
    const client = createRig().join().sayPositions(new Array(1_001).fill(1));
    expect(client.closing).toMatchObject({ code: 4400 });
  });

  it("end the connection when they come before the hello", () => {
    const client = createRig()
      .open()
      .sayPositions([{ agent_id: "a", position: at(1) }]);
    expect(client.closing).toEqual({
      code: 4400,
      reason: expect.stringContaining("the first frame is a hello"),
    });
  });

  it("count as frames, so that they too can be too many", () => {
    const rig = createRig({}, { framesPerSecondMax: 1 });
    const a = spawn(rig);
    const client = rig.join();
    for (let x = 1; x <= 12; x += 1) client.sayPositions([{ agent_id: a, position: at(x) }]);
    expect(client.closing).toMatchObject({ code: 4429 });
  });
});
