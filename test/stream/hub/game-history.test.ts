import { describe, expect, it } from "vitest";
import { createRig } from "./rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);

/** Two games, of which one has made far more agents than events are kept; the other has one event, the first. */
function afterMuchOfOther() {
  const rig = createRig({ limits: { event_buffer: 20, max_agents: 1_000 } });
  const quiet = rig.game("quiet");
  const busy = rig.game("busy");
  const { engine } = rig.backend;
  rig.call("agentCreate", { body: { agent_type: "aider", game_id: "quiet" } });
  for (let made = 0; made < 100; made += 1)
    rig.call("agentCreate", { body: { agent_type: "aider", game_id: "busy" } });
  const { epoch, seq } = engine.log;
  const from = (place: number) => ({ resume: { epoch, seq: place } });
  return { rig, quiet, busy, seq, from };
}

describe("a client that comes back", () => {
  it("to a quiet game misses nothing, however busy another was meanwhile", () => {
    const { rig, quiet, from, seq } = afterMuchOfOther();
    const client = rig.join({ session_token: quiet.session_token, ...from(0) });
    expect(client.welcome).toMatchObject({ recovered: true, seq });
    rig.call("agentCreate", { body: { agent_type: "claude", game_id: "quiet" } });
    expect(client.stream.map(({ prev, seq: place }) => [prev, place])).toEqual([
      [0, 1],
      [1, seq + 1],
    ]);
  });

  it("to the busy game is told that something is lost", () => {
    const { rig, busy, from, seq } = afterMuchOfOther();
    const late = rig.join({ session_token: busy.session_token, ...from(seq - 21) });
    const soon = rig.join({ session_token: busy.session_token, ...from(seq - 20) });
    expect([late.welcome.recovered, soon.welcome.recovered]).toEqual([false, true]);
    expect(seqs(soon)).toEqual(Array.from({ length: 20 }, (_, index) => seq - 19 + index));
  });

  it("with a key for one game is as well off as its sessions", () => {
    const { rig, from } = afterMuchOfOther();
    const quiet = rig.join({ subscribe: { game_id: "quiet" }, ...from(0) });
    const busy = rig.join({ subscribe: { game_id: "busy" }, ...from(0) });
    expect([quiet.welcome.recovered, busy.welcome.recovered]).toEqual([true, false]);
    expect(seqs(quiet)).toEqual([1]);
  });

  it("with a key for all games gets all in one order, or is told that something of one is lost", () => {
    const { rig, from, seq } = afterMuchOfOther();
    rig.call("agentCreate", { body: { agent_type: "claude", game_id: "quiet" } });
    rig.call("agentCreate", { body: { agent_type: "claude" } });
    expect(rig.join(from(1)).welcome.recovered).toBe(false);
    const client = rig.join(from(seq - 3));
    expect(client.welcome.recovered).toBe(true);
    expect(client.stream.map(({ prev, seq: place, game_id }) => [prev, place, game_id])).toEqual([
      [seq - 3, seq - 2, "busy"],
      [seq - 2, seq - 1, "busy"],
      [seq - 1, seq, "busy"],
      [seq, seq + 1, "quiet"],
      [seq + 1, seq + 2, null],
    ]);
  });
});
