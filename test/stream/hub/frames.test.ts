import { describe, expect, it } from "vitest";
import { FRAME_MAX_BYTES, FRAME_VALUES_MAX, FRAMES_PER_SECOND_MAX } from "../../../src/contract/index.js";
import { countValues } from "../../../mock-server/domain/index.js";
import { FrameRate } from "../../../mock-server/stream/frame-rate.js";
import { createRig } from "./rig.js";

const pong = { type: "pong", t: 1 };
const command = { type: "command", id: "c1", method: "tasks.cancel", params: {} };

describe("a frame of a client", () => {
  const bad: [string, unknown, string][] = [
    ["is not JSON", "{", "not JSON"],
    ["is a text", '"pong"', "not a JSON object"],
    ["is a list", "[]", "not a JSON object"],
    ["is empty", "", "not JSON"],
    ["has no type", { t: 1 }, "no type"],
    ["has a type that is no text", { type: 4 }, "no type"],
    ["has an unknown type", { type: "sing" }, "unknown type"],
    ["has a type that objects have by themselves", { type: "constructor" }, "unknown type"],
    ["has an unknown field", { ...pong, u: 1 }, "pong.u is not a known field"],
    ["is binary", "binary", "binary messages are not read here"],
    ["is a command without an id", { ...command, id: undefined }, "command.id must be a string"],
    [
      "is a command whose id is none",
      { ...command, id: "a/b" },
      "command.id must be 1 to 64 characters of A-Z a-z 0-9 _ -",
    ],
    [
      "is a command with a list of parameters",
      { ...command, params: [] },
      "command.params must be an object",
    ],
    ["is a positions frame without updates", { type: "positions" }, "positions.updates must be an array"],
    [
      "is a positions frame with none",
      { type: "positions", updates: [] },
      "positions.updates must have at least 1 item",
    ],
    [
      "is a positions frame with too many",
      { type: "positions", updates: new Array(1_001).fill(1) },
      "positions.updates must have at most 1000 items",
    ],
  ];
  it.each(bad)("that %s closes the connection", (_what, frame, detail) => {
    const rig = createRig();
    const client = rig.join().say(frame);
    expect(client.closing).toEqual({ code: 4400, reason: `bad frame: ${detail}` });
  });

  it("with a method that is none closes the connection and names the methods", () => {
    const rig = createRig();
    const client = rig.join().say({ ...command, method: "system.halt" });
    expect(client.closing?.code).toBe(4400);
    expect(client.closing?.reason).toMatch(/^bad frame: command\.method must be "agents\.move" or/);
  });

  it("of the greatest size is read", () => {
    const rig = createRig();
    const frame = JSON.stringify(pong);
    const client = rig.join().say(frame + " ".repeat(FRAME_MAX_BYTES - frame.length));
    expect(client.closing).toBeNull();
  });

  it.each(["x".repeat(FRAME_MAX_BYTES - 1), "é".repeat(FRAME_MAX_BYTES / 2)])(
    "that is one byte longer closes the connection",
    (text) => {
      const rig = createRig();
      const client = rig.join().say(JSON.stringify(text));
      expect(client.closing).toEqual({ code: 4400, reason: "bad frame: larger than 1048576 bytes" });
    },
  );

  it("after a bad one is not read", () => {
    const rig = createRig();
    const client = rig
      .join()
      .say("{")
      .say({ ...command, method: "tasks.assign", params: { prompt: "p" } });
    expect(client.ofType("ack")).toEqual([]);
    expect(rig.backend.engine.counts().pending_tasks).toBe(0);
  });

  it("ends its own connection alone when it is bad", () => {
    const rig = createRig();
    const other = rig.join();
    rig.join().say("{");
    rig.call("agentCreate", { body: { agent_type: "aider" } });
    expect(other.ofType("agent.created")).toHaveLength(1);
  });
});

describe("a frame of many values", () => {
  const commandWith = (values: number): string =>
    `{"type":"command","id":"c1","method":"tasks.assign","params":{"a":[${"0,".repeat(values - 7)}0]}}`;

  it("is read up to as many as may be", () => {
    const rig = createRig();
    const client = rig.join().say(commandWith(FRAME_VALUES_MAX));
    expect(client.closing).toBeNull();
    expect(client.ofType("ack")).toHaveLength(1);
  });

  it("closes the connection when there is one more", () => {
    const rig = createRig();
    const client = rig.join().say(commandWith(FRAME_VALUES_MAX + 1));
    expect(client.closing).toEqual({ code: 4400, reason: "bad frame: more than 20000 values" });
  });

  it("closes it before the hello too", () => {
    const rig = createRig();
    const client = rig.open().say(commandWith(FRAME_VALUES_MAX + 1));
    expect(client.closing?.code).toBe(4400);
  });

  it("counts as several frames", () => {
    const rig = createRig();
    const client = rig.join();
    let sent = 0;
    while (client.closing === null && sent < 1_000) {
      client.say(commandWith(FRAME_VALUES_MAX));
      sent += 1;
    }
    expect([sent, client.closing?.code]).toEqual([(10 * FRAMES_PER_SECOND_MAX) / 5, 4429]);
  });

  it("counts as two with the moves of a thousand agents, so that a game can send one of those with each of its own", () => {
    const position = { x: 1234.5678, y: 0, z: -1234.5678 };
    const updates = Array.from({ length: 1_000 }, (_, at) => ({
      agent_id: `agent_${at}`,
      position,
      sequence: at,
    }));
    const frame = JSON.stringify({ type: "positions", updates });
    const rate = new FrameRate(FRAMES_PER_SECOND_MAX, 0);
    for (let sent = 0; sent < 60 * 60; sent += 1) {
      expect(rate.take(frame.length, countValues(frame, FRAME_VALUES_MAX), (sent / 60) * 1_000)).toBe(true);
    }
  });
});

describe("frames in great number", () => {
  it("may come in a burst of ten seconds' worth, and one more closes the connection", () => {
    const rig = createRig();
    const client = rig.join();
    for (let count = 1; count < 10 * FRAMES_PER_SECOND_MAX; count += 1) client.say(pong);
    expect(client.closing).toBeNull();
    client.say(pong);
    expect(client.closing).toEqual({ code: 4429, reason: "too many frames: 120 a second is the most" });
  });

  it("may come for ever at the rate that is allowed", () => {
    const rig = createRig();
    const client = rig.join();
    for (let second = 0; second < 60; second += 1) {
      for (let count = 0; count < FRAMES_PER_SECOND_MAX; count += 1) client.say(pong);
      rig.wall.advance(1_000);
    }
    expect(client.closing).toBeNull();
  });

  it("are too many even so when each is large", () => {
    const rig = createRig();
    const client = rig.join();
    const frame = JSON.stringify(pong);
    const large = frame + " ".repeat(FRAME_MAX_BYTES - frame.length);
    let sent = 0;
    while (client.closing === null && sent < 1_000) {
      client.say(large);
      sent += 1;
    }
    expect(client.closing?.code).toBe(4429);
    expect(sent).toBeLessThan(100);
  });

  it("are counted before the hello too", () => {
    const rig = createRig({}, { framesPerSecondMax: 0 });
    expect(rig.join().closing?.code).toBe(4429);
  });

  it("of one client do not count for another", () => {
    const rig = createRig();
    const other = rig.join();
    const client = rig.join();
    for (let count = 0; count <= 10 * FRAMES_PER_SECOND_MAX; count += 1) client.say(pong);
    other.say(pong);
    expect(client.closing?.code).toBe(4429);
    expect(other.closing).toBeNull();
  });
});
