import { describe, expect, it } from "vitest";
import { SEND_BUFFER_MAX_BYTES } from "../../../src/contract/index.js";
import { createLogRig, moved, progressed, removed, started } from "./log-rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const LIMITS = { socketBytesMax: 1_000, sendBufferMaxBytes: 20_000 };
const LONG = "x".repeat(900);

/** A client whose socket is full already. */
function stalled(limits = LIMITS, capacity = 10_000) {
  const rig = createLogRig(capacity, limits);
  const client = rig.join();
  client.stuck = true;
  rig.publish(started(1, "agent_1", null, LONG));
  return { rig, client };
}

const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);
const chain = (client: ScriptedConnection): [number, number][] =>
  client.stream.map(({ prev, seq }) => [prev, seq]);

/** Where agents were said to be, in order. */
const places = (client: ScriptedConnection): string[] =>
  client.moves.map(({ data }) => `${data.agent_id} at ${data.position.x}`);

/** The chain of one that got every event up to one. */
const wholeChain = (seq: number): [number, number][] =>
  Array.from({ length: seq }, (_, index) => [index, index + 1]);

/** Reads on until an event is there, or nothing comes any more. */
function readAllOf(client: ScriptedConnection, seq: number): void {
  for (let round = 0; round < 2 * seq && !client.sent.at(-1)?.includes(`"seq":${seq},`); round += 1)
    client.readAll();
}

describe("a reader that is slow", () => {
  it("gets the latest move of each agent once it reads, in one frame that stands beside the stream", () => {
    const { rig, client } = stalled();
    for (let x = 2; x <= 1_001; x += 1) rig.publish(moved(1, x % 2 === 0 ? "agent_a" : "agent_b", x));
    client.readAll();
    client.readAll();
    expect(chain(client)).toEqual([[0, 1]]);
    expect(client.ofType("latest")).toHaveLength(1);
    expect(places(client)).toEqual(["agent_a at 1000", "agent_b at 1001"]);
  });

  it("gets the latest progress of each task, and moves where they happened", () => {
    const { rig, client } = stalled();
    rig.publish(progressed(2, "task_1", "agent_a"));
    rig.publish(moved(2, "agent_a", 1));
    rig.publish(moved(2, "agent_b", 1));
    rig.publish(progressed(3, "task_2", "agent_a"));
    rig.publish(progressed(4, "task_1", "agent_a"));
    rig.publish(moved(4, "agent_b", 2));
    client.readAll();
    client.readAll();
    client.readAll();
    expect(seqs(client)).toEqual([1, 3, 4]);
    expect(client.frames.map(({ type }) => type)).toEqual([
      "welcome",
      "task.started",
      "latest",
      "task.progress",
      "task.progress",
      "latest",
    ]);
    expect(places(client)).toEqual(["agent_a at 1", "agent_b at 2"]);
  });

  it("loses nothing else", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 20; seq += 1)
      rig.publish(seq % 2 === 0 ? started(seq, "agent_a") : progressed(seq, "task_a", "agent_a"));
    for (let round = 0; round < 20; round += 1) client.readAll();
    expect(seqs(client)).toEqual([1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20]);
  });

  it("is held to bounded memory by a million moves, and never closed for them", () => {
    const { rig, client } = stalled();
    for (let x = 2; x <= 1_000_000; x += 1) rig.publish(moved(1, `agent_${x % 10}`, x));
    expect(rig.hub.heldBytes).toBeLessThan(LIMITS.sendBufferMaxBytes);
    for (let x = 0; x < 1_000; x += 1) rig.publish(moved(1, `walker_${x}`, x));
    expect(client.closing).toBeNull();
    for (let round = 0; round < 1_000 && rig.hub.heldBytes > 0; round += 1) client.readAll();
    client.readAll();
    expect(seqs(client)).toEqual([1]);
    expect(new Set(places(client)).size).toBe(1_010);
    expect(client.moves).toHaveLength(1_010);
  });

  it("is told no more of an agent that was removed, and keeps nothing of those that come and go", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 1_000; seq += 1) {
      rig.publish(moved(seq - 1, `agent_${seq}`, 1));
      rig.publish(removed(seq, `agent_${seq}`));
    }
    expect(rig.hub.heldBytes).toBeLessThanOrEqual(LIMITS.sendBufferMaxBytes);
    readAllOf(client, 1_000);
    client.readAll();
    expect(chain(client)).toEqual(wholeChain(1_000));
    expect(client.moves).toEqual([]);
  });

  it("whose queue is full goes on from the log, and gets all that may not be dropped", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 1_000; seq += 1) {
      rig.publish(started(seq, "agent_a", null, LONG));
      expect(rig.hub.heldBytes).toBeLessThanOrEqual(LIMITS.sendBufferMaxBytes);
    }
    expect(client.closing).toBeNull();
    readAllOf(client, 1_000);
    rig.publish(started(1_001, "agent_a"));
    readAllOf(client, 1_001);
    expect(chain(client)).toEqual(wholeChain(1_001));
    expect(rig.hub.heldBytes).toBe(0);
  });

  it("is held one mebibyte at the most unless a test says otherwise", () => {
    const { rig, client } = stalled({ socketBytesMax: 1_000, sendBufferMaxBytes: SEND_BUFFER_MAX_BYTES });
    const long = "é".repeat(10_000);
    let most = 0;
    for (let seq = 2; seq <= 200; seq += 1) {
      rig.publish(started(seq, "agent_a", null, long));
      most = Math.max(most, rig.hub.heldBytes + client.bufferedBytes);
    }
    expect(most).toBeLessThanOrEqual(1_048_576);
    expect(most).toBeGreaterThan(1_000_000);
  });

  it("gets events of which each is larger than all that may wait for it", () => {
    const { rig, client } = stalled();
    const huge = "x".repeat(3 * LIMITS.sendBufferMaxBytes);
    for (let seq = 2; seq <= 6; seq += 1) rig.publish(started(seq, "agent_a", null, huge));
    expect(rig.hub.heldBytes).toBe(0);
    for (let count = 0; count < 3; count += 1) {
      client.readAll();
      rig.clock.advance(15_000);
      client.say({ type: "pong", t: 0 });
    }
    expect(client.closing).toBeNull();
    readAllOf(client, 6);
    expect(chain(client)).toEqual(wholeChain(6));
    expect(client.ofType("ping").length).toBeGreaterThan(1);
  });

  it("is closed with 4413 where the log has moved on without it, and hears so when it comes back", () => {
    const { rig, client } = stalled(LIMITS, 50);
    for (let seq = 2; seq <= 200; seq += 1) rig.publish(started(seq, "agent_a", null, LONG));
    for (let round = 0; round < 100 && client.closing === null; round += 1) client.readAll();
    expect(client.closing).toEqual({ code: 4413, reason: "slow reader: the event log has moved on" });
    expect([rig.hub.heldBytes, rig.hub.connections]).toEqual([0, 0]);
    const last = seqs(client).at(-1) ?? NaN;
    expect(chain(client)).toEqual(wholeChain(last));
    const again = rig.join({ resume: { epoch: "epoch_1", seq: last } });
    expect(again.welcome["recovered"]).toBe(false);
  });

  it("that takes nothing for long is closed at a beat, though it answers", () => {
    const { rig, client } = stalled(LIMITS, 50);
    for (let seq = 2; seq <= 200; seq += 1) rig.publish(started(seq, "agent_a", null, LONG));
    expect(client.closing).toBeNull();
    rig.clock.advance(15_000);
    expect(client.closing).toEqual({ code: 4413, reason: "slow reader: the event log has moved on" });
  });

  it("does not keep the others waiting", () => {
    const { rig } = stalled();
    const other = rig.join();
    for (let seq = 2; seq <= 100; seq += 1) rig.publish(started(seq, "agent_a", null, LONG));
    expect(seqs(other)).toHaveLength(99);
  });

  it("whose socket cannot tell its bytes is closed, not trusted", () => {
    const rig = createLogRig(10_000, LIMITS);
    const client = rig.join();
    Object.defineProperty(client, "bufferedBytes", { get: () => Number.NaN });
    rig.publish(started(1, "agent_a"));
    expect(client.closing?.code).toBe(4413);
  });

  it("that drains inside of a send gets each event once", () => {
    const rig = createLogRig(10_000, { socketBytesMax: 1_000 });
    const client = rig.open();
    client.stuck = true;
    const send = client.send.bind(client);
    client.send = (text) => {
      send(text);
      client.readAll();
    };
    for (let seq = 1; seq <= 50; seq += 1) rig.publish(started(seq, "agent_a"));
    client.say({ type: "hello", protocol: 1, api_key: "k", resume: { epoch: "epoch_1", seq: 0 } });
    expect(seqs(client)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});

describe("a reader that has had no turn to read in", () => {
  it("is not taken for slow: it goes on from the log, and its acks are kept", () => {
    const rig = createLogRig(10_000, LIMITS);
    const client = rig.join();
    client.stuck = true;
    client.waitsForPage = true;
    for (let seq = 1; seq <= 10; seq += 1) rig.publish(started(seq, "agent_1", null, LONG));
    client.say({ type: "command", id: "c1", method: "tasks.cancel", params: { task_id: "t" } });
    for (let seq = 11; seq <= 100; seq += 1) rig.publish(started(seq, "agent_1", null, LONG));
    expect(client.closing).toBeNull();
    expect(rig.hub.heldBytes + client.bufferedBytes).toBeLessThan(LIMITS.sendBufferMaxBytes);
    for (let round = 0; round < 200; round += 1) client.readAll();
    expect(chain(client)).toEqual(wholeChain(100));
    expect(client.ofType("ack").map(({ id }) => id)).toEqual(["c1"]);
  });

  it("is closed all the same when its acks alone are more than the bound", () => {
    const rig = createLogRig(10_000, LIMITS);
    const client = rig.join();
    client.stuck = true;
    client.waitsForPage = true;
    for (let count = 0; count < 1_000 && client.closing === null; count += 1) {
      client.say({ type: "command", id: `c${count}`, method: "tasks.cancel", params: { task_id: "t" } });
    }
    expect(client.closing?.code).toBe(4413);
  });
});
