import { describe, expect, it } from "vitest";
import { HEARTBEAT_MS, pingSchema } from "../../../src/contract/index.js";
import { createRig } from "./rig.js";
import { read } from "../../lib/read.js";

describe("a connection that says nothing", () => {
  it("is sent a ping every heartbeat", () => {
    const rig = createRig();
    const client = rig.join();
    const began = rig.wall.now();
    rig.wall.advance(HEARTBEAT_MS);
    client.say({ type: "pong", t: 0 });
    rig.wall.advance(HEARTBEAT_MS);
    const pings = client.ofType("ping").map((ping) => read(pingSchema, ping));
    expect(pings).toEqual([
      { type: "ping", t: began + HEARTBEAT_MS },
      { type: "ping", t: began + 2 * HEARTBEAT_MS },
    ]);
  });

  it("is taken for dead after two missed beats and cut without a handshake", () => {
    const rig = createRig();
    const client = rig.join();
    rig.wall.advance(2 * HEARTBEAT_MS);
    expect(client.terminated).toBe(false);
    rig.wall.advance(HEARTBEAT_MS);
    expect(client.terminated).toBe(true);
    expect(client.closing).toBeNull();
    expect(rig.hub.connections).toBe(0);
  });

  it("lives as long as it answers", () => {
    const rig = createRig();
    const client = rig.join();
    for (let beat = 0; beat < 100; beat += 1) {
      rig.wall.advance(HEARTBEAT_MS);
      client.say({ type: "pong", t: rig.wall.now() });
    }
    expect(client.terminated).toBe(false);
    expect(client.ofType("ping")).toHaveLength(100);
  });

  it("may say anything in place of a pong", () => {
    const rig = createRig();
    const client = rig.join();
    for (let beat = 0; beat < 10; beat += 1) {
      rig.wall.advance(HEARTBEAT_MS);
      client.say({ type: "positions", updates: [{ agent_id: "a", position: { x: 0, y: 0, z: 0 } }] });
    }
    expect(client.terminated).toBe(false);
  });

  it("is judged by the clock of connections, not by the domain's", () => {
    const rig = createRig();
    const client = rig.join();
    rig.backend.clock.advance(100 * HEARTBEAT_MS);
    expect(client.terminated).toBe(false);
    expect(client.ofType("ping")).toEqual([]);
  });

  it("in a page that has had no turn is not taken for dead when the clock is moved far", () => {
    const rig = createRig();
    const client = rig.join();
    const send = client.send.bind(client);
    client.send = (text) => {
      send(text);
      client.waitsForPage = true;
    };
    rig.wall.advance(3_600_000);
    expect(client.terminated).toBe(false);
    expect(client.ofType("ping")).toHaveLength(1);
    client.waitsForPage = false;
    client.say({ type: "pong", t: 1 });
    rig.wall.advance(HEARTBEAT_MS);
    expect(client.terminated).toBe(false);
  });

  it("in a page that had its turn and still says nothing is dead", () => {
    const rig = createRig();
    const client = rig.join();
    rig.wall.advance(HEARTBEAT_MS);
    rig.wall.advance(HEARTBEAT_MS);
    rig.wall.advance(HEARTBEAT_MS);
    expect(client.terminated).toBe(true);
  });
});

describe("a connection that is over", () => {
  it("leaves no timer behind, however it ended", () => {
    const rig = createRig();
    const { session_token } = rig.game();
    expect(rig.timers()).toBe(0);
    const open = [rig.open(), rig.join(), rig.join({ session_token })];
    expect(rig.timers()).toBe(4);
    for (const client of open) client.events.closed();
    rig.join().say("{");
    rig.join({ api_key: "wrong" });
    rig.join({ session_token }).events.closed();
    rig.join();
    rig.wall.advance(10 * HEARTBEAT_MS);
    expect(rig.timers()).toBe(0);
  });

  it("is not sent to, nor heard", () => {
    const rig = createRig();
    const client = rig.join();
    client.events.closed();
    rig.call("agentCreate", { body: { agent_type: "aider" } });
    client.say({ type: "command", id: "c1", method: "tasks.assign", params: { prompt: "p" } });
    client.events.drained();
    client.events.closed();
    expect(client.frames).toHaveLength(1);
    expect(rig.backend.engine.counts().pending_tasks + rig.backend.engine.counts().active_tasks).toBe(0);
  });
});
