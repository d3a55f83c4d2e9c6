import { describe, expect, it } from "vitest";
import { createLogRig, progressed, started, type LogRig } from "./log-rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);
const chain = (client: ScriptedConnection): [number, number][] =>
  client.stream.map(({ prev, seq }) => [prev, seq]);

function withEvents(count: number, capacity?: number): LogRig {
  const rig = createLogRig(capacity);
  for (let seq = 1; seq <= count; seq += 1) rig.publish(started(seq, "agent_1"));
  return rig;
}

const at = (seq: number, epoch = "epoch_1"): Record<string, unknown> => ({ resume: { epoch, seq } });

describe("a client that resumes", () => {
  it("gets all that it missed, in order, before anything live", () => {
    const rig = withEvents(5);
    const client = rig.join(at(2));
    rig.publish(started(6, "agent_1"));
    expect(client.welcome).toMatchObject({ recovered: true, seq: 5 });
    expect(chain(client)).toEqual([
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 6],
    ]);
  });

  it("at the newest event is recovered and gets nothing twice", () => {
    const rig = withEvents(5);
    const client = rig.join(at(5));
    expect(client.welcome["recovered"]).toBe(true);
    expect(seqs(client)).toEqual([]);
  });

  it("from before the first event gets the whole log", () => {
    const rig = withEvents(3);
    expect(seqs(rig.join(at(0)))).toEqual([1, 2, 3]);
  });

  it("an empty log is recovered", () => {
    const rig = createLogRig();
    const client = rig.join(at(0));
    rig.publish(started(1, "agent_1"));
    expect(client.welcome["recovered"]).toBe(true);
    expect(chain(client)).toEqual([[0, 1]]);
  });

  it("at the very edge of the buffer is recovered", () => {
    const rig = withEvents(10, 4);
    const client = rig.join(at(6));
    expect(client.welcome["recovered"]).toBe(true);
    expect(seqs(client)).toEqual([7, 8, 9, 10]);
  });

  const hopeless: [string, Record<string, unknown>][] = [
    ["one event outside the buffer", at(5)],
    ["another epoch", at(8, "epoch_0")],
    ["the future", at(11)],
    ["a future that no log will reach", at(Number.MAX_SAFE_INTEGER)],
  ];
  it.each(hopeless)("from %s is told so, and hears from the welcome on", (_what, hello) => {
    const rig = withEvents(10, 4);
    const client = rig.join(hello);
    rig.publish(started(11, "agent_1"));
    rig.publish(started(12, "agent_1"));
    expect(client.welcome).toMatchObject({ recovered: false, seq: 10, epoch: "epoch_1" });
    expect(chain(client)).toEqual([
      [10, 11],
      [11, 12],
    ]);
  });

  it("with a filter gets what fits it, chained from where it stood", () => {
    const rig = createLogRig();
    for (let seq = 1; seq <= 8; seq += 1) rig.publish(started(seq, seq % 3 === 0 ? "agent_3" : "agent_1"));
    const client = rig.join({ ...at(4), subscribe: { agent_ids: ["agent_3"] } });
    rig.publish(started(9, "agent_3"));
    expect(chain(client)).toEqual([
      [4, 6],
      [6, 9],
    ]);
  });

  it("without reading gets a socketful, and the rest as it reads", () => {
    const rig = createLogRig(10_000, { socketBytesMax: 2_000 });
    for (let seq = 1; seq <= 100; seq += 1) rig.publish(started(seq, "agent_1"));
    const client = rig.open();
    client.stuck = true;
    client.say({ type: "hello", protocol: 1, api_key: "k", ...at(0) });
    expect(client.bufferedBytes).toBeLessThan(3_000);
    expect(rig.hub.heldBytes).toBe(0);
    rig.publish(started(101, "agent_1"));
    for (let round = 0; round < 100 && seqs(client).length < 101; round += 1) client.readAll();
    expect(seqs(client)).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
  });

  it("gets all progress that it missed, not the latest alone", () => {
    const rig = createLogRig(10_000, { socketBytesMax: 500 });
    for (let seq = 1; seq <= 20; seq += 1) rig.publish(progressed(seq, "task_1", "agent_1"));
    const client = rig.open();
    client.stuck = true;
    client.say({ type: "hello", protocol: 1, api_key: "k", ...at(0) });
    for (let round = 0; round < 50; round += 1) client.readAll();
    expect(seqs(client)).toHaveLength(20);
  });

  it("so slowly that the log moves on without it is closed as a slow reader", () => {
    const rig = createLogRig(20, { socketBytesMax: 500 });
    for (let seq = 1; seq <= 20; seq += 1) rig.publish(started(seq, "agent_1"));
    const client = rig.open();
    client.stuck = true;
    client.say({ type: "hello", protocol: 1, api_key: "k", ...at(0) });
    for (let seq = 21; seq <= 60; seq += 1) rig.publish(started(seq, "agent_1"));
    client.readAll();
    expect(client.closing).toEqual({ code: 4413, reason: "slow reader: the event log has moved on" });
  });

  it("while an event is being sent to others gets it once", () => {
    const rig = createLogRig();
    const other = rig.join();
    const late = rig.open();
    const send = other.send.bind(other);
    other.send = (text) => {
      send(text);
      if (late.sent.length === 0) late.say({ type: "hello", protocol: 1, api_key: "k", ...at(0) });
    };
    rig.publishTogether([started(1, "agent_1"), started(2, "agent_1"), started(3, "agent_1")]);
    expect(seqs(other)).toEqual([1, 2, 3]);
    expect(seqs(late)).toEqual([1, 2, 3]);
  });

  it("beside many others costs them nothing", () => {
    const rig = withEvents(50);
    const other = rig.join();
    const client = rig.join(at(0));
    expect(seqs(other)).toEqual([]);
    rig.publish(started(51, "agent_1"));
    expect(chain(other)).toEqual([[50, 51]]);
    expect(seqs(client)).toHaveLength(51);
  });
});
