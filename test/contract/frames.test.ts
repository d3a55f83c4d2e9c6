import { describe, expect, it } from "vitest";
import {
  EVENT_TYPES,
  ackSchema,
  clientFrameSchema,
  eventFrameSchema,
  fits,
  helloSchema,
  isErrorCode,
  isEventType,
  welcomeSchema,
} from "../../src/contract/index.js";
import { read } from "../lib/read.js";

describe("a hello", () => {
  it.each([
    [{ type: "hello", protocol: 1, api_key: "k" }],
    [{ type: "hello", protocol: 1, session_token: "t", resume: { epoch: "e", seq: 41 } }],
    [
      {
        type: "hello",
        protocol: 1,
        api_key: "k",
        subscribe: { game_id: "g", types: ["*"], agent_ids: ["a"] },
      },
    ],
  ])("may be %j", (frame) => {
    expect(fits(helloSchema, frame)).toBe(true);
  });

  it.each([
    [{ type: "hello", protocol: 1 }],
    [{ type: "hello", protocol: 1, api_key: "k", session_token: "t" }],
    [{ type: "hello", protocol: "1", api_key: "k" }],
    [{ type: "hello", protocol: 1, api_key: "k", resume: { epoch: "e", seq: -1 } }],
    [{ type: "hello", protocol: 1, api_key: "k", subscribe: { types: ["agent"] } }],
    [{ type: "hello", protocol: 1, api_key: "k", subscribe: { colour: "red" } }],
  ])("may not be %j", (frame) => {
    expect(fits(helloSchema, frame)).toBe(false);
  });
});

describe("a frame of a client", () => {
  it.each([
    [{ type: "pong", t: 1 }],
    [{ type: "positions", updates: [{ agent_id: "a", position: { x: 0, y: 0, z: 0 } }] }],
    [{ type: "command", id: "c1", method: "tasks.cancel", params: { task_id: "t" } }],
  ])("may be %j", (frame) => {
    expect(fits(clientFrameSchema, frame)).toBe(true);
  });

  it.each([
    [{ type: "pong" }],
    [{ type: "positions", updates: [] }],
    [{ type: "command", id: "c1", method: "agents.remove", params: {} }],
    [{ type: "command", id: "c/1", method: "tasks.cancel", params: {} }],
    [{ type: "shout" }],
    [[]],
    ["pong"],
    [null],
  ])("may not be %j", (frame) => {
    expect(fits(clientFrameSchema, frame)).toBe(false);
  });
});

describe("a frame of a server", () => {
  it("may have fields that this client does not know", () => {
    const welcome = {
      type: "welcome",
      protocol: 1,
      connection_id: "c",
      epoch: "e",
      seq: 0,
      recovered: false,
      heartbeat_ms: 15_000,
      server_time: "2026-01-01T00:00:00.000Z",
      mood: "sunny",
    };
    expect(fits(welcomeSchema, welcome)).toBe(true);
  });

  it("may be an event of a type that this client does not know", () => {
    const frame = {
      type: "agent.danced",
      epoch: "e",
      seq: 3,
      prev: 2,
      timestamp: "2026-01-01T00:00:00.000Z",
      game_id: null,
      data: { steps: 4 },
    };
    expect(read(eventFrameSchema, frame)).toEqual(frame);
    expect(isEventType("agent.danced")).toBe(false);
  });

  it("answers a command with a result or with an error, never both or neither", () => {
    expect(fits(ackSchema, { type: "ack", id: "c", ok: true, result: {} })).toBe(true);
    expect(fits(ackSchema, { type: "ack", id: "c", ok: false })).toBe(false);
    expect(fits(ackSchema, { type: "ack", id: "c", ok: true, error: {} })).toBe(false);
  });
});

describe("names that every object has", () => {
  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "%s is no event and no error code",
    (name) => {
      expect(isEventType(name)).toBe(false);
      expect(isErrorCode(name)).toBe(false);
    },
  );

  it("leave the list of events at the eighteen of the contract", () => {
    expect(EVENT_TYPES).toHaveLength(18);
  });
});
