import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Agent, ToldAgentState } from "../../../src/contract/index.js";
import { CHANGES_MAX } from "../../../src/client/stream/agent-changes.js";
import { LiveAgents } from "../../../src/client/stream/live-agents.js";
import type { AgentsSnapshot } from "../../../src/client/stream/ports.js";
import { agent, eventFrame, frameOf, GAME, latestFrame, timeIn, welcome } from "./support/frames.js";
import { seededRandom } from "./support/random.js";
import { makeLiveStream, makeStream } from "./support/stream.js";
import { settle } from "./support/virtual-clock.js";

const at = (seq: number, agents: Agent[], epoch = "epoch_1"): AgentsSnapshot => ({
  agents,
  cursor: { epoch, seq },
});

/** A view on a stream, whose snapshots the test answers. */
function watch(made: Awaited<ReturnType<typeof makeStream>>) {
  const asked: { resolve: (snapshot: AgentsSnapshot) => void; reject: (error: Error) => void }[] = [];
  const reported: unknown[] = [];
  const agents = new LiveAgents({
    stream: made.stream,
    gameId: GAME,
    snapshot: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
    clock: made.clock,
    random: seededRandom(3),
    report: (error) => reported.push(error),
  });
  const answer = async (snapshot: AgentsSnapshot) => {
    asked.shift()?.resolve(snapshot);
    await settle();
  };
  return { agents, asked, reported, answer };
}

async function watchLive(...agents: Agent[]) {
  const made = await makeLiveStream();
  const watched = watch(made);
  await watched.answer(at(0, agents));
  return { ...made, ...watched };
}

const placeOf = (agents: LiveAgents, id: string) => agents.get(id)?.position.x;

const stateChanged = (seq: number, id: string, state: ToldAgentState, task_id: string | null = null) =>
  frameOf(
    { type: "agent.state_changed", data: { agent_id: id, state, previous_state: "idle", task_id } },
    seq,
  );

describe("The live agents", () => {
  it("are where they moved last, and not where they were before the snapshot", async () => {
    const made = await makeLiveStream();
    const { agents, answer } = watch(made);
    const { socket } = made.server;
    socket.tell(eventFrame(1)).tell(latestFrame(["agent_a", 1, 1, 1], ["agent_b", 1, 1, 1]));
    const changed = (id: string) => agent(id, { position: { x: 2, y: 0, z: 0 }, updated_at: timeIn(2) });
    await answer(at(1, ["agent_a", "agent_b", "agent_c"].map(changed)));
    expect(placeOf(agents, "agent_a")).toBe(2);
    // On their way while the snapshot was taken: before it, at its time, and after it.
    socket.tell(latestFrame(["agent_a", 1, 1, 1], ["agent_b", 1, 2, 2], ["agent_c", 1, 3, 3]));
    expect(["agent_a", "agent_b", "agent_c"].map((id) => placeOf(agents, id))).toEqual([2, 2, 3]);
    socket.tell(latestFrame(["agent_a", 0, 1, 3]));
    expect(placeOf(agents, "agent_a")).toBe(2);
    // What they do since is no reason to take a place for older.
    socket.tell(stateChanged(2, "agent_b", "coding")).tell(latestFrame(["agent_b", 2, 4, 4]));
    socket.tell(latestFrame(["agent_b", 1, 5, 5]));
    expect(placeOf(agents, "agent_b")).toBe(5);
  });

  it("are known after one snapshot, however many of them move while it is taken", async () => {
    const made = await makeLiveStream();
    const { agents, asked, answer } = watch(made);
    const ids = Array.from({ length: 500 }, (_, index) => `agent_${index}`);
    for (let x = 1; x <= 20; x += 1)
      made.server.socket.tell(latestFrame(...ids.map((id) => [id, 0, x, x] as const)));
    expect(asked).toHaveLength(1);
    await answer(
      at(
        0,
        ids.map((id) => agent(id)),
      ),
    );
    expect(agents.isReady).toBe(true);
    expect(new Set(ids.map((id) => placeOf(agents, id)))).toEqual(new Set([20]));
  });

  it("can be waited for until they are known", async () => {
    const made = await makeLiveStream();
    const { agents, answer } = watch(made);
    let isThere = false;
    void agents.ready.then(() => (isThere = true));
    await settle();
    expect(isThere).toBe(false);
    await answer(at(0, []));
    expect(isThere).toBe(true);
  });

  it("let nobody wait who waits for them when they are closed", async () => {
    const { agents } = watch(makeStream());
    agents.close();
    await agents.ready;
    expect(agents.isReady).toBe(false);
  });

  it("begin with a snapshot once the stream is live, and not before", async () => {
    const made = makeStream();
    const { agents, asked, answer } = watch(made);
    expect(asked).toHaveLength(0);
    made.stream.open({ game_id: GAME });
    await settle();
    made.server.socket.accept().tell(welcome());
    expect(asked).toHaveLength(1);
    expect(agents.isReady).toBe(false);
    await answer(at(0, [agent("agent_1")]));
    expect(agents.isReady).toBe(true);
    expect([...agents].map(({ id }) => id)).toEqual(["agent_1"]);
  });

  it("take what happened while the snapshot was taken, and nothing that is in it", async () => {
    const made = await makeLiveStream();
    const { agents, answer } = watch(made);
    made.server.socket
      .tell(stateChanged(1, "agent_1", "coding"))
      .tell(stateChanged(2, "agent_1", "speaking"));
    await answer(at(1, [agent("agent_1", { state: "thinking" })]));
    expect(agents.get("agent_1")?.state).toBe("speaking");
  });

  it("ask again for a snapshot that failed, is older than the stream, or of another epoch", async () => {
    const made = await makeLiveStream();
    made.server.socket.tell(eventFrame(1));
    const { agents, asked, answer, reported } = watch(made);
    asked.shift()?.reject(new Error("503"));
    await made.clock.advance(1_000);
    await answer(at(0, []));
    await made.clock.advance(1_000);
    await answer(at(5, [], "epoch_9"));
    await made.clock.advance(2_000);
    expect(agents.isReady).toBe(false);
    await answer(at(1, [agent("agent_1")]));
    expect(agents.size).toBe(1);
    expect(reported).toHaveLength(1);
  });

  it("follow agents as they are created, change, move and go", async () => {
    const { server, agents } = await watchLive(agent("agent_1"));
    const position = { x: 1, y: 2, z: 3 };
    const timestamp = "2026-01-01T00:00:09.000Z";
    server.socket
      .tell(frameOf({ type: "agent.created", data: { agent: agent("agent_2") } }, 1))
      .tell({ ...stateChanged(2, "agent_2", "coding", "task_1"), timestamp })
      .tell(
        frameOf(
          { type: "agent.moved", data: { agent_id: "agent_1", position, scene_id: "s", sequence: 4 } },
          3,
        ),
      );
    expect(agents.get("agent_2")).toMatchObject({
      state: "coding",
      current_task_id: "task_1",
      updated_at: timestamp,
    });
    expect(agents.get("agent_1")).toMatchObject({ position, scene_id: "s" });
    server.socket.tell(frameOf({ type: "agent.removed", data: { agent_id: "agent_1" } }, 4));
    expect([...agents.values()].map(({ id }) => id)).toEqual(["agent_2"]);
  });

  it("tell how far an agent's task is, until it ends", async () => {
    const { server, agents } = await watchLive(agent("agent_1"));
    const task_id = "task_1";
    const started = { task_id, agent_id: "agent_1", team_id: null, prompt: "p", task_type: "general" };
    server.socket.tell(frameOf({ type: "task.started", data: started }, 1));
    expect(agents.get("agent_1")?.task).toEqual({ id: task_id, progress: 0, message: "" });
    server.socket.tell(
      frameOf(
        { type: "task.progress", data: { task_id, agent_id: "agent_1", progress: 0.5, message: "Half" } },
        2,
      ),
    );
    expect(agents.get("agent_1")?.task).toEqual({ id: task_id, progress: 0.5, message: "Half" });
    server.socket.tell(
      frameOf({ type: "task.cancelled", data: { task_id, agent_id: "agent_1", reason: null } }, 3),
    );
    expect(agents.get("agent_1")?.task).toBeNull();
  });

  it("ignore another game's agents, and agents that they do not know", async () => {
    const { server, agents } = await watchLive();
    server.socket
      .tell({
        ...frameOf({ type: "agent.created", data: { agent: agent("agent_9") } }, 1),
        game_id: "game_9",
      })
      .tell(stateChanged(2, "agent_8", "coding"));
    expect(agents.size).toBe(0);
    expect(agents.version).toBe(1);
  });

  it("after a gap are those of its snapshot", async () => {
    const made = await makeLiveStream({
      snapshot: () => Promise.resolve(at(7, [agent("agent_7")], "epoch_2")),
    });
    const { agents, answer } = watch(made);
    await answer(at(0, [agent("agent_1")]));
    made.server.socket.end(1012);
    await made.clock.advance(1_000);
    made.server.socket.accept().tell(welcome({ epoch: "epoch_2", seq: 7 }));
    await settle();
    expect([...agents].map(({ id }) => id)).toEqual(["agent_7"]);
  });

  it("end with the stream, and leave nothing on it", async () => {
    const { stream, agents, server } = await watchLive(agent("agent_1"));
    const before = stream.stats.listeners;
    agents.close();
    expect(stream.stats.listeners).toBe(before - 3);
    server.socket.tell(stateChanged(1, "agent_1", "coding"));
    expect(agents.get("agent_1")?.state).toBe("idle");
    const other = await watchLive();
    other.stream.close();
    expect(other.stream.stats.listeners).toBe(0);
    expect(other.clock.pending).toBe(0);
  });
});

describe("A framework that watches the agents", () => {
  it("gets the same array until something changes, and another one then", async () => {
    const { server, agents } = await watchLive(agent("agent_1"));
    const before = agents.getSnapshot();
    server.socket.tell(
      eventFrame(1, { type: "scene.updated", data: { scene_id: "s", game_id: GAME, revision: 1 } }),
    );
    expect(agents.getSnapshot()).toBe(before);
    server.socket.tell(stateChanged(2, "agent_1", "coding"));
    expect(agents.getSnapshot()).not.toBe(before);
    expect(before[0]?.state).toBe("idle");
    expect(Object.isFrozen(before)).toBe(true);
  });

  it("is called at each change until it ends, and one that throws hurts itself alone", async () => {
    const { server, agents, reported } = await watchLive(agent("agent_1"));
    let calls = 0;
    agents.subscribe(() => {
      throw new Error("Oh no");
    });
    const undo = agents.subscribe(() => (calls += 1));
    server.socket.tell(stateChanged(1, "agent_1", "coding"));
    undo();
    server.socket.tell(stateChanged(2, "agent_1", "idle"));
    expect(calls).toBe(1);
    expect(reported).toHaveLength(2);
  });
});

describe("A game loop that asks what is new", () => {
  it("gets all of it first, then what changed, each once", async () => {
    const { server, agents } = await watchLive(agent("agent_1"), agent("agent_2"));
    const first = agents.changedSince(0);
    expect([first.reset, first.changed.length]).toEqual([true, 2]);
    expect(agents.changedSince(first.version)).toEqual({
      version: first.version,
      changed: [],
      removed: [],
      reset: false,
    });
    server.socket
      .tell(stateChanged(1, "agent_1", "coding"))
      .tell(stateChanged(2, "agent_1", "speaking"))
      .tell(frameOf({ type: "agent.removed", data: { agent_id: "agent_2" } }, 3));
    const second = agents.changedSince(first.version);
    expect(second.changed.map(({ id, state }) => [id, state])).toEqual([["agent_1", "speaking"]]);
    expect([second.removed, second.reset]).toEqual([["agent_2"], false]);
  });

  it("that asks too seldom gets all of it again", async () => {
    const { server, agents } = await watchLive(agent("agent_1"));
    const { version } = agents.changedSince(0);
    for (let seq = 1; seq <= 3 * CHANGES_MAX; seq += 1) {
      server.socket.tell(stateChanged(seq, "agent_1", seq % 2 === 0 ? "idle" : "coding"));
    }
    expect(agents.changedSince(version).reset).toBe(true);
    expect(agents.changedSince(agents.version - CHANGES_MAX).reset).toBe(false);
  });

  it("has the same agents as the view, whatever happens and whenever it asks", async () => {
    const step = fc.oneof(
      fc.record({ what: fc.constantFrom("create", "remove", "state"), of: fc.integer({ min: 0, max: 4 }) }),
      fc.constant({ what: "ask" as const, of: 0 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { server, agents } = await watchLive();
        const mine = new Map<string, ToldAgentState>();
        let version = 0;
        const ask = () => {
          const news = agents.changedSince(version);
          if (news.reset) mine.clear();
          for (const { id, state } of news.changed) mine.set(id, state);
          for (const id of news.removed) mine.delete(id);
          version = news.version;
        };
        steps.forEach(({ what, of }, index) => {
          const id = `agent_${of}`;
          const seq = index + 1;
          if (what === "create")
            server.socket.tell(frameOf({ type: "agent.created", data: { agent: agent(id) } }, seq));
          else if (what === "remove")
            server.socket.tell(frameOf({ type: "agent.removed", data: { agent_id: id } }, seq));
          else if (what === "state") server.socket.tell(stateChanged(seq, id, "coding"));
          else {
            server.socket.tell(eventFrame(seq, { type: "unknown.thing" }));
            ask();
          }
        });
        ask();
        expect(mine).toEqual(new Map([...agents].map(({ id, state }) => [id, state])));
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});
