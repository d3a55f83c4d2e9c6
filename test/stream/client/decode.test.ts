import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_TYPES } from "../../../src/contract/index.js";
import { decode } from "../../../src/client/stream/decode.js";
import { eventFrame, welcome } from "./support/frames.js";

const read = (frame: unknown) => decode(JSON.stringify(frame));

describe("Reading a frame", () => {
  it("never throws, whatever came", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (data) => {
        expect(["event", "welcome", "ping", "ack", "unreadable"]).toContain(decode(data).type);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it("never throws on an event with any data, and knows its place", () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES), fc.jsonValue(), (type, data) => {
        expect(read(eventFrame(5, { type, data }))).toMatchObject({ type: "event", seq: 5, prev: 4 });
      }),
      { numRuns: 1_000, seed: 2 },
    );
  });

  it("leaves out fields that it does not know, of an event that it knows", () => {
    const read5 = read(eventFrame(5, { more: 1, data: { agent_id: "agent_1", more: 2 } }));
    expect(read5.type === "event" ? read5.event : null).toEqual({
      type: "agent.removed",
      epoch: "epoch_1",
      seq: 5,
      timestamp: "2026-01-01T00:00:00.000Z",
      game_id: "game_1",
      data: { agent_id: "agent_1" },
    });
  });

  it("keeps the place of an event whose envelope is wrong elsewhere", () => {
    const wrong = read(eventFrame(5, { timestamp: "yesterday" }));
    expect(wrong).toMatchObject({ type: "event", seq: 5, event: null });
    expect(wrong.type === "event" && wrong.problem).toContain("timestamp");
  });

  it("says what is wrong in a line of bounded length", () => {
    const long = "x".repeat(100_000);
    const wrong = read({ type: long, [long]: 1 });
    expect(wrong.type === "unreadable" && wrong.problem.length).toBeLessThan(1_000);
  });

  it("does not take a name of every object's for a frame", () => {
    for (const type of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(read({ ...welcome(), type }).type).toBe("unreadable");
    }
  });

  it("lives with a frame that a later server sends beside the events", () => {
    expect(read({ type: "notice", words: ["of tomorrow"] })).toEqual({ type: "later" });
  });

  it("reads no frame but text", () => {
    for (const data of [new ArrayBuffer(2), new Uint8Array(2), null, undefined, 7]) {
      expect(decode(data).type).toBe("unreadable");
    }
  });
});
