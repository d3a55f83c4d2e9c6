import { describe, expect, it } from "vitest";
import type { GapEvent, StreamEvent } from "../../../src/slim.js";
import { compareLogs } from "./compare-logs.js";
import type { Life } from "./compare-logs.js";

function event(epoch: string, seq: number): Extract<StreamEvent, { type: "agent.removed" }> {
  const timestamp = "2026-01-01T00:00:00.000Z";
  return { type: "agent.removed", epoch, seq, timestamp, game_id: "g", data: { agent_id: `agent_${seq}` } };
}

function life(epoch: string, seqs: readonly number[], eventBuffer = 100): Life {
  return { epoch, eventBuffer, events: seqs.map((seq) => event(epoch, seq)) };
}

function gap(from: [string, number], to: [string, number], reason: GapEvent["reason"]): GapEvent {
  const place = ([epoch, seq]: [string, number]) => ({ epoch, seq });
  return { type: "gap", reason, from: place(from), to: place(to), agents: [] };
}

const first = life("one", [2, 3, 5, 9]);
const second = life("two", [1, 4]);
const told = (epoch: string, ...seqs: number[]): StreamEvent[] => seqs.map((seq) => event(epoch, seq));

describe("What judges the fault runs", () => {
  it("passes logs that are the same", () => {
    expect(compareLogs(told("one", 2, 3, 5, 9), [first])).toBeNull();
  });

  it("passes a gap that a restart or an outrun buffer made", () => {
    const restart = [...told("one", 2, 3), gap(["one", 3], ["two", 1], "epoch_changed"), ...told("two", 4)];
    expect(compareLogs(restart, [first, second])).toBeNull();
    const small = life("one", [2, 3, 5, 9, 10], 1);
    const outrun = [...told("one", 2, 3), gap(["one", 3], ["one", 9], "buffer_outrun"), ...told("one", 10)];
    expect(compareLogs(outrun, [small])).toBeNull();
  });

  it.each<[string, StreamEvent[], Life[], RegExp]>([
    ["an event that is missing", told("one", 2, 5, 9), [first], /5 .* came, 3 was to come/],
    ["an event that came twice", told("one", 2, 3, 3, 5, 9), [first], /3 .* came, 5 was to come/],
    ["events in another order", told("one", 3, 2, 5, 9), [first], /3 .* came, 2 was to come/],
    ["an end that is missing", told("one", 2, 3), [first], /the end is missing: 3 of 9/],
    ["nothing at all", [], [first], /the end is missing/],
    ["another epoch in silence", [...told("one", 2), ...told("two", 1, 4)], [first, second], /without a gap/],
    ["a life that was never told", told("two", 1, 4), [first, second], /never told/],
    [
      "a gap that nothing made",
      [...told("one", 2, 3), gap(["one", 3], ["one", 9], "buffer_outrun")],
      [first],
      /a gap of 2 events, where the server keeps 100/,
    ],
    [
      "a gap that begins elsewhere",
      [...told("one", 2, 3), gap(["one", 2], ["two", 4], "epoch_changed")],
      [first, second],
      /a gap from 2, while 3 was held/,
    ],
    [
      "another text than the server's",
      [{ ...event("one", 2), data: { agent_id: "agent_x" } }],
      [life("one", [2])],
      /not what the server sent/,
    ],
  ])("sees %s", (_what, log, lives, said) => {
    expect(compareLogs(log, lives)).toMatch(said);
  });
});
