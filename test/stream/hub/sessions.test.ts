import { describe, expect, it } from "vitest";
import { createRig, KEY } from "./rig.js";

const TTL_MS = 3_600_000;

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

  it("keeps it alive for as long as it is open, with no call and however fast the time goes", () => {
    const rig = createRig();
    const game = rig.game();
    const client = rig.join({ session_token: game.session_token });
    rig.call("agentCreate", { body: { agent_type: "aider", game_id: game.game_id } });
    rig.backend.clock.advance(10 * TTL_MS);
    expect(client.closing).toBeNull();
    expect(client.ofType("session.expiring")).toEqual([]);
    expect(rig.backend.engine.counts()).toMatchObject({ sessions: 1, total_agents: 1 });
  });

  it("no longer keeps it alive once it is gone, and the game is left for good after its grace", () => {
    const rig = createRig();
    const game = rig.game();
    const client = rig.join({ session_token: game.session_token });
    rig.call("agentCreate", { body: { agent_type: "aider", game_id: game.game_id } });
    rig.backend.clock.advance(TTL_MS / 2);
    client.events.closed();
    rig.backend.clock.advance(TTL_MS + 29_999);
    expect(rig.backend.engine.counts()).toMatchObject({ sessions: 0, total_agents: 1 });
    rig.backend.clock.advance(1);
    expect(rig.backend.engine.counts().total_agents).toBe(0);
    expect(rig.timers()).toBe(0);
  });

  it("is not told of the end of another session of the game, which a key is", () => {
    const rig = createRig();
    const one = rig.game("one");
    const sister = rig.join({ session_token: rig.game("one").session_token });
    const key = rig.join({ subscribe: { types: ["session.*"] } });
    rig.backend.clock.advance(TTL_MS - 60_000);
    const told = [{ session_id: one.session_id, expires_at: "2026-01-01T01:00:00.000Z" }];
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
