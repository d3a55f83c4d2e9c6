import { describe, expect, it } from "vitest";
import type { Scope } from "../../mock-server/domain/index.js";
import { all, crew, ofGame, only, rig, thrownBy, typesOf, work } from "./support.js";

describe("an agent", () => {
  it("is made from its type, idle, and told of", () => {
    const { engine, events } = rig();
    const agent = engine.agents.create(all, { agent_type: "aider", metadata: { desk: "A" } });
    expect(agent).toMatchObject({
      type: "aider",
      name: "Aider",
      color: "#0066CC",
      state: "idle",
      current_task_id: null,
      position: { x: 0, y: 0, z: 0 },
      metadata: { desk: "A" },
      created_at: "2026-01-01T00:00:00.000Z",
    });
    expect(only(events, "agent.created").map(({ data }) => data.agent)).toEqual([agent]);
    expect(engine.agents.get(all, agent.id)).toBe(agent);
  });

  it("gets a number in its name when there was one of its type before", () => {
    const { engine } = rig();
    const names = ["aider", "claude", "aider"].map(
      (agent_type) => engine.agents.create(all, { agent_type }).name,
    );
    expect(names).toEqual(["Aider", "Claude", "Aider 2"]);
  });

  it("cannot be changed through what was given out or taken in", () => {
    const { engine } = rig();
    const metadata = { tags: ["a"] };
    const agent = engine.agents.create(all, { agent_type: "aider", metadata });
    metadata.tags.push("b");
    expect(thrownBy(() => (agent.name = "Mallory"))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => (agent.position.x = 5))).toBeInstanceOf(TypeError);
    expect(engine.agents.get(all, agent.id).metadata).toEqual({ tags: ["a"] });
  });

  it("of an unknown type is refused with the place of the mistake", () => {
    const { engine, events } = rig();
    expect(thrownBy(() => engine.agents.create(all, { agent_type: "copilot" }))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["body", "agent_type"] }],
    });
    expect(events).toEqual([]);
  });

  it("is refused past the limit, and fits again after another one left", () => {
    const { engine } = rig({ limits: { max_agents: 2 } });
    const [first = ""] = crew(engine, ["aider", "claude"]);
    expect(thrownBy(() => engine.agents.create(all, { agent_type: "aider" }))).toMatchObject({
      code: "agent_limit_reached",
    });
    engine.agents.remove(all, first);
    expect(engine.agents.create(all, { agent_type: "aider" }).state).toBe("idle");
  });

  it("of one game leaves the others their room", () => {
    const { engine } = rig({ limits: { max_agents: 2 } });
    for (const game_id of ["red", "blue"]) engine.games.connect({ game_id });
    const full = (scope: Scope) => thrownBy(() => engine.agents.create(scope, { agent_type: "aider" }));
    crew(engine, ["aider", "claude"], ofGame("red"));
    expect(full(ofGame("red"))).toMatchObject({
      code: "agent_limit_reached",
      message: "The game 'red' has 2 agents already, as many as it may have.",
    });
    crew(engine, ["aider", "claude"], ofGame("blue"));
    crew(engine, ["aider", "claude"]);
    expect(full(all)).toMatchObject({
      code: "agent_limit_reached",
      message: "There are 2 agents of no game already, as many as may be.",
    });
    expect(engine.counts()).toMatchObject({ total_agents: 6, max_agents: 2 });
  });

  it("is refused with metadata nested too deep to be written", () => {
    const { engine } = rig();
    let deep: unknown = "end";
    for (let level = 0; level < 100; level += 1) deep = { deep };
    expect(
      thrownBy(() => engine.agents.create(all, { agent_type: "aider", metadata: { deep } })),
    ).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["body", "metadata"] }],
    });
  });
});

describe("a move", () => {
  it("changes the position and is told", () => {
    const { engine, events } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    expect(engine.agents.move(all, { agent_id, position: { x: 1, y: 2, z: 3 }, sequence: 4 })).toEqual({
      agent_id,
      position: { x: 1, y: 2, z: 3 },
      applied: true,
    });
    expect(engine.agents.get(all, agent_id).position).toEqual({ x: 1, y: 2, z: 3 });
    expect(only(events, "agent.moved")[0]?.data).toEqual({
      agent_id,
      position: { x: 1, y: 2, z: 3 },
      scene_id: null,
      sequence: 4,
    });
  });

  it("older than the last one is not applied and not told", () => {
    const { engine, events } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    engine.agents.move(all, { agent_id, position: { x: 5, y: 0, z: 0 }, sequence: 5 });
    const late = engine.agents.move(all, { agent_id, position: { x: 4, y: 0, z: 0 }, sequence: 4 });
    expect(late).toEqual({ agent_id, position: { x: 5, y: 0, z: 0 }, applied: false });
    expect(only(events, "agent.moved")).toHaveLength(1);
  });

  it("is measured against the newest one, and one of the same age is the same move again", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const move = (sequence: number) =>
      engine.agents.move(all, { agent_id, position: { x: sequence, y: 0, z: 0 }, sequence }).applied;
    expect([5, 7, 6, 7, 8].map(move)).toEqual([true, true, false, true, true]);
  });

  it("is measured against those of its own client, whatever the numbers of others are", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const moves: [client: string, sequence: number][] = [
      ["before", 1_757_000_000_000],
      ["after", 1],
      ["before", 1_756_999_999_999],
      ["after", 2],
      ["before", 1_757_000_000_001],
      ["after", 1],
    ];
    const applied = moves.map(([client, sequence]) => {
      const position = { x: sequence, y: 0, z: 0 };
      return engine.agents.move(all, { agent_id, position, sequence }, client).applied;
    });
    expect(applied).toEqual([true, true, false, true, true, false]);
  });

  it("is measured against those of the last eight clients, and no more are remembered", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const move = (client: string, sequence: number) =>
      engine.agents.move(all, { agent_id, position: { x: 0, y: 0, z: 0 }, sequence }, client).applied;
    for (let client = 0; client < 100; client += 1) move(`client_${client}`, 5);
    expect([move("client_92", 4), move("client_91", 4)]).toEqual([false, true]);
    const [record] = engine.snapshot().world.agents;
    expect(record?.sequences.map(({ client }) => client)).toEqual([
      ...Array.from({ length: 7 }, (_, index) => `client_${93 + index}`),
      "client_91",
    ]);
  });

  it("without a sequence is always applied, and outdates none", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const move = (sequence?: number) =>
      engine.agents.move(all, { agent_id, position: { x: 0, y: 0, z: 0 }, sequence }, "page").applied;
    expect([move(5), move(), move(4), move(6)]).toEqual([true, true, false, true]);
  });

  it("that came to nothing among many is told, with where the agent is", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const updates = [2, 1].map((x) => ({ agent_id, position: { x, y: 0, z: 0 }, sequence: x }));
    expect(engine.agents.moveMany(all, updates, "page")).toEqual({
      applied: [agent_id],
      outdated: [{ agent_id, position: { x: 2, y: 0, z: 0 } }],
      failed: [],
    });
  });

  it("of an agent that is not there is agent_not_found", () => {
    const { engine } = rig();
    const move = () => engine.agents.move(all, { agent_id: "agent_9", position: { x: 0, y: 0, z: 0 } });
    expect(thrownBy(move)).toMatchObject({ code: "agent_not_found" });
  });

  it("into a scene that is not there is scene_not_found", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "g" });
    const [agent_id = ""] = crew(engine, ["aider"], ofGame("g"));
    const move = () =>
      engine.agents.move(all, { agent_id, position: { x: 0, y: 0, z: 0 }, scene_id: "attic" });
    expect(thrownBy(move)).toMatchObject({ code: "scene_not_found" });
  });
});

describe("removing an agent", () => {
  it("cancels its running task first", () => {
    const { engine, events } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const task = engine.tasks.assign(all, work({ agent_id }));
    const before = events.length;
    engine.agents.remove(all, agent_id);
    expect(typesOf(events.slice(before))).toEqual(["task.cancelled", "agent.removed"]);
    expect(engine.tasks.get(all, task.id)).toMatchObject({
      status: "cancelled",
      result: { success: false, error: { code: "cancelled" } },
    });
    expect(thrownBy(() => engine.agents.get(all, agent_id))).toMatchObject({ code: "agent_not_found" });
  });

  it("gives the tasks that waited for it to an agent that is idle, and the rest back to the queue", () => {
    const { engine } = rig();
    const [leaving = ""] = crew(engine, ["aider"]);
    engine.tasks.assign(all, work({ agent_id: leaving }));
    const first = engine.tasks.assign(all, work({ agent_id: leaving, priority: 3 }));
    const second = engine.tasks.assign(all, work({ agent_id: leaving, priority: 2 }));
    const [other = ""] = crew(engine, ["claude"]);
    engine.agents.remove(all, leaving);
    expect(engine.tasks.get(all, first.id)).toMatchObject({ status: "running", agent_id: other });
    expect(engine.tasks.get(all, second.id)).toMatchObject({ status: "pending", agent_id: null });
  });
});

describe("a list of agents", () => {
  it("comes in pages, oldest first, and tells where to go on", () => {
    const { engine } = rig();
    const ids = crew(engine, ["aider", "claude", "aider", "custom", "aider"]);
    const first = engine.agents.list(all, { limit: 2 });
    const second = engine.agents.list(all, { limit: 2, cursor: first.next_cursor ?? "" });
    const third = engine.agents.list(all, { limit: 2, cursor: second.next_cursor ?? "" });
    expect([first, second, third].map(({ items }) => items.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ]);
    expect(third.next_cursor).toBeNull();
  });

  it("goes on at the right place when the agent at the cursor is removed meanwhile", () => {
    const { engine } = rig();
    const ids = crew(engine, ["aider", "claude", "aider", "custom"]);
    const { next_cursor } = engine.agents.list(all, { limit: 2 });
    engine.agents.remove(all, ids[1] ?? "");
    const rest = engine.agents.list(all, { cursor: next_cursor ?? "" });
    expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it("is filtered by type and by state", () => {
    const { engine } = rig();
    const [busy = "", idle = ""] = crew(engine, ["aider", "aider", "claude"]);
    engine.tasks.assign(all, work({ agent_id: busy }));
    const page = engine.agents.list(all, { type: "aider", state: "idle" });
    expect(page.items.map(({ id }) => id)).toEqual([idle]);
  });

  it("with a cursor that is none says so", () => {
    const { engine } = rig();
    expect(thrownBy(() => engine.agents.list(all, { cursor: "../etc" }))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["query", "cursor"] }],
    });
  });
});

describe("a game's caller", () => {
  it("sees nothing of another game and nothing of what belongs to none", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    engine.games.connect({ game_id: "blue" });
    const red = ofGame("red");
    const [own = ""] = crew(engine, ["aider"], red);
    const [others = ""] = crew(engine, ["aider"], ofGame("blue"));
    const [free = ""] = crew(engine, ["aider"]);
    expect(engine.agents.list(red, {}).items.map(({ id }) => id)).toEqual([own]);
    for (const agentId of [others, free]) {
      expect(thrownBy(() => engine.agents.get(red, agentId))).toMatchObject({ code: "agent_not_found" });
      expect(thrownBy(() => engine.agents.remove(red, agentId))).toMatchObject({ code: "agent_not_found" });
      expect(thrownBy(() => engine.tasks.assign(red, work({ agent_id: agentId })))).toMatchObject({
        code: "agent_not_found",
      });
    }
    expect(thrownBy(() => engine.agents.list(red, { game_id: "blue" }))).toMatchObject({
      code: "game_not_found",
    });
    expect(thrownBy(() => engine.agents.create(red, { agent_type: "aider", game_id: "blue" }))).toMatchObject(
      {
        code: "game_not_found",
      },
    );
  });
});
