import { describe, expect, it } from "vitest";
import { createRig, KEY, type Rig } from "./rig.js";

const TTL_MS = 3_600_000;

function heartbeat(rig: Rig, sessionToken: string): void {
  const caller = rig.backend.access.identify({ sessionToken });
  rig.backend.operations.run("gameHeartbeat", caller, {}, { origin: "http://x" });
}

describe("a session's connection", () => {
  it("is closed with 4410 when the game disconnects, and the others stay", () => {
    const rig = createRig();
    const { session_token } = rig.game("one");
    const sister = rig.join({ session_token: rig.game("one").session_token });
    const key = rig.join();
    const [first, second] = [rig.join({ session_token }), rig.join({ session_token })];
    const caller = rig.backend.access.identify({ sessionToken: session_token });
    rig.backend.operations.run("gameDisconnect", caller, {}, { origin: "http://x" });
    expect(first.closing).toEqual({ code: 4410, reason: "session expired" });
    expect(second.closing?.code).toBe(4410);
    expect([sister.closing, key.closing]).toEqual([null, null]);
  });

  it("is closed with 4410 when the session reaches its end", () => {
    const rig = createRig();
    const client = rig.join({ session_token: rig.game().session_token });
    rig.backend.clock.advance(TTL_MS - 1);
    expect(client.closing).toBeNull();
    rig.backend.clock.advance(1);
    expect(client.closing).toEqual({ code: 4410, reason: "session expired" });
  });

  it("lives on with the session that is heard of", () => {
    const rig = createRig();
    const { session_token } = rig.game();
    const client = rig.join({ session_token });
    rig.backend.clock.advance(TTL_MS - 1);
    heartbeat(rig, session_token);
    rig.backend.clock.advance(TTL_MS - 1);
    expect(client.closing).toBeNull();
    rig.backend.clock.advance(1);
    expect(client.closing?.code).toBe(4410);
  });

  it.each([
    ["a command", { type: "command", id: "c1", method: "tasks.cancel", params: { task_id: "t" } }],
    ["positions", { type: "positions", updates: [{ agent_id: "a", position: { x: 0, y: 0, z: 0 } }] }],
  ])("keeps its session alive by %s, as any call does", (_what, frame) => {
    const rig = createRig();
    const client = rig.join({ session_token: rig.game().session_token });
    rig.backend.clock.advance(TTL_MS - 1);
    client.say(frame);
    rig.backend.clock.advance(TTL_MS - 1);
    expect(client.closing).toBeNull();
  });

  it("does not keep its session alive by pongs, which are no calls", () => {
    const rig = createRig();
    const client = rig.join({ session_token: rig.game().session_token });
    rig.backend.clock.advance(TTL_MS - 1);
    client.say({ type: "pong", t: 1 });
    rig.backend.clock.advance(1);
    expect(client.closing?.code).toBe(4410);
  });

  it("is told before its session ends, and so is a key, but no other session of the game", () => {
    const rig = createRig();
    const one = rig.game("one");
    const client = rig.join({ session_token: one.session_token, subscribe: { agent_ids: ["agent_1"] } });
    const other = rig.game("one");
    const sister = rig.join({ session_token: other.session_token });
    const key = rig.join({ subscribe: { types: ["session.*"] } });
    for (let minute = 0; minute < 59; minute += 1) {
      rig.backend.clock.advance(60_000);
      heartbeat(rig, other.session_token);
    }
    const told = [{ session_id: one.session_id, expires_at: "2026-01-01T01:00:00.000Z" }];
    expect(client.ofType("session.expiring").map(({ data }) => data)).toEqual(told);
    expect(key.ofType("session.expiring").map(({ data }) => data)).toEqual(told);
    expect(sister.ofType("session.expiring")).toEqual([]);
  });

  it("of a session that is over is refused with 4410", () => {
    const rig = createRig();
    const { session_token } = rig.game();
    rig.backend.clock.advance(TTL_MS);
    expect(rig.join({ session_token }).closing).toEqual({ code: 4410, reason: "session expired" });
  });

  it("never has its token in anything that is sent", () => {
    const rig = createRig();
    const { session_token } = rig.game();
    const client = rig.join({ session_token });
    const key = rig.join();
    client.say({ type: "command", id: "c1", method: "tasks.cancel", params: { task_id: "t" } });
    rig.backend.clock.advance(TTL_MS);
    const everything = [...client.sent, ...key.sent, client.closing?.reason].join();
    expect(everything).not.toContain(session_token);
    expect(everything).not.toContain(KEY);
  });
});
