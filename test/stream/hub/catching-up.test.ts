import { describe, expect, it, vi } from "vitest";
import { createLogRig, progressed, started, type LogRig } from "./log-rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const PAGE = 256;
const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);
const upTo = (seq: number): number[] => Array.from({ length: seq }, (_, index) => index + 1);
const fromTheStart = { resume: { epoch: "epoch_1", seq: 0 } };

/** A hub on a host that gives turns, with events in its log. */
function withEvents(count: number, capacity = 10_000): LogRig {
  const rig = createLogRig(capacity, {}, true);
  for (let seq = 1; seq <= count; seq += 1) rig.publish(progressed(seq, "task_1", "agent_1"));
  return rig;
}

function turnsUntilQuiet(rig: LogRig): number {
  let turns = 0;
  while (rig.turn()) turns += 1;
  return turns;
}

describe("a client that missed much", () => {
  it("is welcomed at once and reads a page in each turn", () => {
    const rig = withEvents(1_000);
    const client = rig.join(fromTheStart);
    expect(client.sent).toHaveLength(1);
    expect(client.welcome).toMatchObject({ recovered: true, seq: 1_000 });
    rig.turn();
    expect(seqs(client)).toEqual(upTo(PAGE));
    expect(turnsUntilQuiet(rig)).toBeLessThanOrEqual(4);
    expect(seqs(client)).toEqual(upTo(1_000));
    expect(rig.turn()).toBe(false);
  });

  it("and hangs up at its welcome costs nothing more, again and again", () => {
    const rig = withEvents(9_990);
    const after = vi.spyOn(rig.log, "after");
    for (let time = 0; time < 20; time += 1) rig.join(fromTheStart).events.closed();
    expect(turnsUntilQuiet(rig)).toBeLessThanOrEqual(1);
    const read = after.mock.results.map(({ value }) => value.length);
    expect(Math.max(...read)).toBe(1);
    expect(read).toHaveLength(20);
  });

  it("and hangs up while it reads costs the pages that it was given", () => {
    const rig = withEvents(9_990);
    const client = rig.join(fromTheStart);
    rig.turn();
    rig.turn();
    const after = vi.spyOn(rig.log, "after");
    client.events.closed();
    turnsUntilQuiet(rig);
    expect(after).not.toHaveBeenCalled();
    expect(seqs(client)).toEqual(upTo(2 * PAGE));
  });

  it("shares the turns with others who did, and each turn is for one of them", () => {
    const rig = withEvents(2_000);
    const clients = Array.from({ length: 3 }, () => rig.join(fromTheStart));
    const heard = (): number => clients.reduce((sum, client) => sum + client.stream.length, 0);
    for (let turn = 1; turn <= 12; turn += 1) {
      const before = heard();
      rig.turn();
      expect(heard() - before).toBe(PAGE);
    }
    expect(clients.map(({ stream }) => stream.length)).toEqual([1_024, 1_024, 1_024]);
    turnsUntilQuiet(rig);
    expect(clients.map(seqs)).toEqual([upTo(2_000), upTo(2_000), upTo(2_000)]);
  });

  it("hears what happens meanwhile behind it, in order and once", () => {
    const rig = withEvents(600);
    const client = rig.join(fromTheStart);
    for (let seq = 601; seq <= 900; seq += 1) {
      rig.publish(started(seq, "agent_1"));
      if (seq % 100 === 0) rig.turn();
    }
    turnsUntilQuiet(rig);
    for (let seq = 901; seq <= 910; seq += 1) rig.publish(started(seq, "agent_1"));
    expect(client.stream.map(({ prev, seq }) => [prev, seq])).toEqual(upTo(910).map((seq) => [seq - 1, seq]));
  });

  it("hears what is caused by the reading itself", () => {
    const rig = withEvents(10);
    const client = rig.open();
    const send = client.send.bind(client);
    client.send = (text) => {
      send(text);
      if (rig.log.seq < 20) rig.publish(started(rig.log.seq + 1, "agent_1"));
    };
    client.say({ type: "hello", protocol: 1, api_key: "k", ...fromTheStart });
    turnsUntilQuiet(rig);
    rig.publish(started(21, "agent_1"));
    expect(seqs(client)).toEqual(upTo(21));
  });

  it("of which it hears little has its turns all the same", () => {
    const rig = withEvents(2_000);
    rig.publish(started(2_001, "agent_1"));
    const client = rig.join({ ...fromTheStart, subscribe: { types: ["task.started"] } });
    const after = vi.spyOn(rig.log, "after");
    rig.turn();
    expect(Math.max(...after.mock.results.map(({ value }) => value.length))).toBe(PAGE);
    turnsUntilQuiet(rig);
    expect(client.stream.map(({ prev, seq }) => [prev, seq])).toEqual([[0, 2_001]]);
  });

  it("reads fewer in a turn where they are long", () => {
    const rig = createLogRig(10_000, {}, true);
    for (let seq = 1; seq <= 20; seq += 1) rig.publish(started(seq, "agent_1", null, "x".repeat(30_000)));
    const client = rig.join(fromTheStart);
    rig.turn();
    expect(client.stream.length).toBeLessThanOrEqual(3);
    turnsUntilQuiet(rig);
    expect(seqs(client)).toEqual(upTo(20));
  });

  it("waits for its socket, not for turns, where that is full", () => {
    const rig = createLogRig(10_000, { socketBytesMax: 2_000 }, true);
    for (let seq = 1; seq <= 100; seq += 1) rig.publish(started(seq, "agent_1"));
    const client = rig.join(fromTheStart);
    client.stuck = true;
    turnsUntilQuiet(rig);
    expect(client.bufferedBytes).toBeLessThan(3_000);
    expect(rig.turn()).toBe(false);
    for (let round = 0; round < 100 && client.stream.length < 100; round += 1) {
      client.readAll();
      turnsUntilQuiet(rig);
    }
    expect(seqs(client)).toEqual(upTo(100));
  });

  it("is told where the log moves on faster than it reads", () => {
    const rig = withEvents(500, 500);
    const client = rig.join(fromTheStart);
    rig.turn();
    for (let seq = 501; seq <= 1_200; seq += 1) rig.publish(started(seq, "agent_1"));
    rig.turn();
    expect(client.closing).toEqual({ code: 4413, reason: "slow reader: the event log has moved on" });
    const again = rig.join({ resume: { epoch: "epoch_1", seq: PAGE } });
    expect(again.welcome["recovered"]).toBe(false);
  });

  it("whose socket breaks while it reads is cut, and the others go on", () => {
    const rig = withEvents(1_000);
    const broken = rig.join(fromTheStart);
    const other = rig.join(fromTheStart);
    broken.breaks = new Error("the wire is cut");
    turnsUntilQuiet(rig);
    expect(broken.terminated).toBe(true);
    expect(seqs(other)).toEqual(upTo(1_000));
  });
});

describe("a client that missed nothing", () => {
  it("needs no turn", () => {
    const rig = withEvents(10);
    const client = rig.join({ resume: { epoch: "epoch_1", seq: 10 } });
    expect(rig.turn()).toBe(false);
    rig.publish(started(11, "agent_1"));
    expect(seqs(client)).toEqual([11]);
  });
});
