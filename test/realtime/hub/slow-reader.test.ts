import { describe, expect, it } from "vitest";
import { SEND_BUFFER_MAX_BYTES } from "../../../src/contract/index.js";
import { createLogRig, moved, progressed, started } from "./log-rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const LIMITS = { socketBytesMax: 1_000, sendBufferMaxBytes: 20_000 };
const LONG = "x".repeat(900);

/** A client whose socket is full already. */
function stalled(limits = LIMITS) {
  const rig = createLogRig(10_000, limits);
  const client = rig.join();
  client.stuck = true;
  rig.publish(started(1, "agent_1", null, LONG));
  return { rig, client };
}

const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);

describe("a reader that is slow", () => {
  it("gets the latest move of each agent once it reads", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 1_001; seq += 1) rig.publish(moved(seq, seq % 2 === 0 ? "agent_a" : "agent_b"));
    client.readAll();
    client.readAll();
    expect(client.stream.map(({ prev, seq }) => [prev, seq])).toEqual([
      [0, 1],
      [1, 1_000],
      [1_000, 1_001],
    ]);
  });

  it("gets the latest progress of each task, and both kinds for themselves", () => {
    const { rig, client } = stalled();
    rig.publish(progressed(2, "task_1", "agent_a"));
    rig.publish(moved(3, "agent_a"));
    rig.publish(progressed(4, "task_2", "agent_a"));
    rig.publish(progressed(5, "task_1", "agent_a"));
    client.readAll();
    client.readAll();
    expect(seqs(client)).toEqual([1, 3, 4, 5]);
  });

  it("loses nothing else", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 20; seq += 1)
      rig.publish(seq % 2 === 0 ? started(seq, "agent_a") : moved(seq, "agent_a"));
    for (let round = 0; round < 20; round += 1) client.readAll();
    expect(seqs(client)).toEqual([1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20]);
  });

  it("is held to bounded memory by a million moves", () => {
    const { rig, client } = stalled();
    for (let seq = 2; seq <= 1_000_000; seq += 1) rig.publish(moved(seq, `agent_${seq % 10}`));
    expect(rig.hub.heldBytes).toBeLessThan(LIMITS.sendBufferMaxBytes);
    expect(client.closing).toBeNull();
    client.readAll();
    client.readAll();
    client.readAll();
    expect(seqs(client)).toHaveLength(11);
  });

  it("is closed with 4413 when what may not be dropped is more than the bound", () => {
    const { rig, client } = stalled();
    let seq = 1;
    while (client.closing === null && seq < 1_000) rig.publish(started((seq += 1), "agent_a", null, LONG));
    expect(client.closing).toEqual({ code: 4413, reason: "slow reader: more than 20000 bytes wait" });
    expect(seq * 1_100).toBeGreaterThan(LIMITS.sendBufferMaxBytes - 2_000);
    expect(rig.hub.heldBytes).toBe(0);
    expect(rig.hub.connections).toBe(0);
  });

  it("is held one mebibyte at the most unless a test says otherwise", () => {
    const { rig, client } = stalled({ socketBytesMax: 1_000, sendBufferMaxBytes: SEND_BUFFER_MAX_BYTES });
    const long = "é".repeat(10_000);
    let seq = 1;
    let most = 0;
    while (client.closing === null && seq < 1_000) {
      rig.publish(started((seq += 1), "agent_a", null, long));
      most = Math.max(most, rig.hub.heldBytes + client.bufferedBytes);
    }
    expect(client.closing?.code).toBe(4413);
    expect(most).toBeLessThanOrEqual(1_048_576);
    expect(most).toBeGreaterThan(1_000_000);
  });

  it("resumes after that where it stood and has everything", () => {
    const { rig, client } = stalled();
    let seq = 1;
    while (client.closing === null) rig.publish(started((seq += 1), "agent_a", null, LONG));
    client.sent.splice(1);
    const again = rig.join({ resume: { epoch: "epoch_1", seq: 0 } });
    expect(again.welcome["recovered"]).toBe(true);
    expect(seqs(again)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
  });

  it("does not keep the others waiting", () => {
    const { rig, client } = stalled();
    const other = rig.join();
    for (let seq = 2; seq <= 100; seq += 1) rig.publish(started(seq, "agent_a", null, LONG));
    expect(client.closing?.code).toBe(4413);
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
    expect(client.stream.map(({ prev, seq }) => [prev, seq])).toEqual(
      Array.from({ length: 100 }, (_, index) => [index, index + 1]),
    );
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
