import { describe, expect, it } from "vitest";
import { GAMES_MAX, SCENES_PER_GAME_MAX, SESSIONS_MAX } from "../../mock-server/domain/bounds.js";
import { all, crew, ofGame, only, rig, thrownBy, work } from "./support.js";

const limits = { session_ttl_seconds: 600 };

describe("a session", () => {
  it("is opened for a new game, or for the one that is named", () => {
    const { engine } = rig();
    const made = engine.games.connect({ game_name: "Platformer" });
    const named = engine.games.connect({ game_id: "my-game" });
    expect(made.game_id).toMatch(/^game_[a-z0-9]{8}$/);
    expect(named.game_id).toBe("my-game");
    expect(named.session_id).not.toBe(made.session_id);
    expect(named.expires_at).toBe("2026-01-01T01:00:00.000Z");
    expect(engine.counts().sessions).toBe(2);
  });

  it("ends when it was not used for its time", () => {
    const { engine, advance } = rig({ limits });
    const { session_id, game_id } = engine.games.connect({});
    const [agentId = ""] = crew(engine, ["aider"], ofGame(game_id));
    const task = engine.tasks.assign(ofGame(game_id), work());
    advance(599.999);
    expect(engine.games.session(session_id).game_id).toBe(game_id);
    advance(0.001);
    for (const call of [engine.games.session, engine.games.touch, engine.games.disconnect]) {
      expect(thrownBy(() => call(session_id))).toMatchObject({ code: "session_expired" });
    }
    expect(engine.counts().sessions).toBe(0);
    expect(engine.agents.get(ofGame(game_id), agentId).state).toBe("idle");
    expect(engine.tasks.get(ofGame(game_id), task.id).status).toMatch(/completed|failed/);
  });

  it("lives on from each use", () => {
    const { engine, events, advance } = rig({ limits });
    const { session_id } = engine.games.connect({});
    for (let round = 0; round < 5; round += 1) {
      advance(400);
      engine.games.touch(session_id);
    }
    expect(engine.games.session(session_id).expires_at).toBe("2026-01-01T00:43:20.000Z");
    expect(only(events, "session.expiring")).toEqual([]);
  });

  it("tells of its coming end two minutes before, once, and again after it was used", () => {
    const { engine, events, advance } = rig({ limits });
    const { session_id, game_id } = engine.games.connect({});
    advance(550);
    const [warning] = only(events, "session.expiring");
    expect(warning).toMatchObject({
      game_id,
      timestamp: "2026-01-01T00:08:00.000Z",
      data: { session_id, expires_at: "2026-01-01T00:10:00.000Z" },
    });
    engine.games.touch(session_id);
    advance(599);
    expect(only(events, "session.expiring").map(({ timestamp }) => timestamp)).toEqual([
      "2026-01-01T00:08:00.000Z",
      "2026-01-01T00:17:10.000Z",
    ]);
    advance(1);
    expect(engine.counts().sessions).toBe(0);
  });

  it("ends at once when it is disconnected, and leaves nothing to do after its game's grace", () => {
    const { engine, advance } = rig();
    const { session_id } = engine.games.connect({});
    engine.games.disconnect(session_id);
    expect(thrownBy(() => engine.games.touch(session_id))).toMatchObject({ code: "session_expired" });
    advance(30);
    expect(engine.nextDueAt()).toBeNull();
  });

  it("is refused past a stated number", () => {
    const { engine } = rig();
    for (let count = 0; count < SESSIONS_MAX; count += 1) engine.games.connect({ game_id: "one" });
    expect(thrownBy(() => engine.games.connect({ game_id: "one" }))).toMatchObject({ code: "unavailable" });
  });
});

describe("a game", () => {
  it("tells its agents together with the place in the event log at which they are so", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    const ids = crew(engine, ["aider", "claude"], ofGame("red"));
    crew(engine, ["aider"]);
    const { agents, cursor } = engine.games.agents(ofGame("red"), "red");
    expect(agents.map(({ id }) => id)).toEqual(ids);
    expect(cursor).toEqual({ epoch: engine.log.epoch, seq: engine.log.seq });
    expect(thrownBy(() => engine.games.agents(all, "blue"))).toMatchObject({ code: "game_not_found" });
  });

  it("that nobody uses is forgotten for a new one, one that is in use is not", () => {
    const { engine } = rig();
    for (let count = 0; count < GAMES_MAX; count += 1) {
      const { session_id } = engine.games.connect({ game_id: `game${count}` });
      if (count !== 0) engine.games.disconnect(session_id);
    }
    engine.games.connect({ game_id: "another" });
    expect(engine.games.agents(all, "game0").agents).toEqual([]);
    expect(thrownBy(() => engine.games.agents(all, "game1"))).toMatchObject({ code: "game_not_found" });
    expect(engine.games.agents(all, "another").agents).toEqual([]);
  });
});

describe("a scene", () => {
  it("gets a revision that grows by one, and each is told", () => {
    const { engine, events } = rig();
    engine.games.connect({ game_id: "red" });
    const put = () => engine.scenes.put(ofGame("red"), "lobby", { game_id: "red", name: "Lobby" });
    expect([put().revision, put().revision]).toEqual([1, 2]);
    expect(only(events, "scene.updated").map(({ data }) => data)).toEqual([
      { scene_id: "lobby", game_id: "red", revision: 1 },
      { scene_id: "lobby", game_id: "red", revision: 2 },
    ]);
  });

  it("is each game's own", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    engine.games.connect({ game_id: "blue" });
    engine.scenes.put(all, "lobby", { game_id: "red" });
    expect(engine.scenes.put(all, "lobby", { game_id: "blue" }).revision).toBe(1);
    expect(thrownBy(() => engine.scenes.put(ofGame("red"), "lobby", { game_id: "blue" }))).toMatchObject({
      code: "game_not_found",
    });
    expect(thrownBy(() => engine.scenes.put(all, "lobby", { game_id: "green" }))).toMatchObject({
      code: "game_not_found",
    });
  });

  it("is where agents are created, at its spawn points in turn", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    const spawn_points = [
      { x: 1, y: 0, z: 0 },
      { x: 2, y: 0, z: 0 },
    ];
    engine.scenes.put(all, "lobby", { game_id: "red", spawn_points });
    const make = () =>
      engine.agents.create(ofGame("red"), { agent_type: "aider", scene_id: "lobby" }).position;
    expect([make(), make(), make()]).toEqual([...spawn_points, spawn_points[0]]);
  });

  it("that is not there keeps an agent from being created", () => {
    const { engine, events } = rig();
    engine.games.connect({ game_id: "red" });
    for (const game_id of ["red", undefined]) {
      const body = { agent_type: "aider", scene_id: "attic", ...(game_id && { game_id }) };
      expect(thrownBy(() => engine.agents.create(all, body))).toMatchObject({ code: "scene_not_found" });
    }
    expect(events).toEqual([]);
  });

  it("is refused past a stated number of a game, but those that are there can be changed", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    const put = (count: number) => engine.scenes.put(all, `scene${count}`, { game_id: "red" });
    for (let count = 0; count < SCENES_PER_GAME_MAX; count += 1) put(count);
    expect(thrownBy(() => put(SCENES_PER_GAME_MAX))).toMatchObject({ code: "invalid_request" });
    expect(put(0).revision).toBe(2);
  });
});

describe("agents that are kept ready", () => {
  const spares = { auto_spawn: true, min_idle_agents: 2, max_agents: 7 };

  it("are there from the start, of different types", () => {
    const { engine } = rig({ limits: spares });
    expect(engine.agents.list(all, {}).items.map(({ type }) => type)).toEqual(["aider", "opencode"]);
  });

  it("are replaced when they take work, while there is room", () => {
    const { engine } = rig({ limits: spares });
    for (const [total, idle] of [
      [3, 2],
      [4, 2],
      [5, 2],
      [6, 2],
      [7, 2],
      [7, 1],
      [7, 0],
    ]) {
      engine.tasks.assign(all, work());
      expect(engine.counts()).toMatchObject({ total_agents: total, idle_agents: idle });
    }
  });

  it("are kept for each game that has a session, and no more when it has none", () => {
    const { engine } = rig({ limits: { ...spares, max_agents: 100 } });
    const { session_id } = engine.games.connect({ game_id: "red" });
    const red = ofGame("red");
    expect(engine.agents.list(red, {}).items).toHaveLength(2);
    engine.tasks.assign(red, work());
    expect(engine.agents.list(red, { state: "idle" }).items).toHaveLength(2);
    engine.games.disconnect(session_id);
    engine.tasks.assign(red, work());
    expect(engine.agents.list(red, { state: "idle" }).items).toHaveLength(1);
    engine.games.connect({ game_id: "red" });
    expect(engine.agents.list(red, { state: "idle" }).items).toHaveLength(2);
  });

  it("are each game's own, however many agents another one has", () => {
    const { engine } = rig({ limits: { auto_spawn: true, min_idle_agents: 1, max_agents: 2 } });
    for (const game_id of ["red", "blue"]) {
      engine.games.connect({ game_id });
      engine.tasks.assign(ofGame(game_id), work());
      expect(engine.agents.list(ofGame(game_id), {}).items).toHaveLength(2);
      engine.tasks.assign(ofGame(game_id), work());
      expect(engine.agents.list(ofGame(game_id), { state: "idle" }).items).toEqual([]);
    }
    expect(engine.counts()).toMatchObject({ total_agents: 5, max_agents: 2 });
  });

  it("come as soon as a removal makes room", () => {
    const { engine } = rig({ limits: { auto_spawn: true, min_idle_agents: 2, max_agents: 2 } });
    const [first] = engine.agents.list(all, {}).items;
    engine.tasks.assign(all, work({ agent_id: first?.id ?? "" }));
    engine.agents.remove(all, first?.id ?? "");
    expect(engine.counts()).toMatchObject({ total_agents: 2, idle_agents: 2 });
  });

  it("take the tasks that wait", () => {
    const { engine } = rig({ limits: { auto_spawn: true, min_idle_agents: 1, max_agents: 5 } });
    const statuses = [1, 2, 3].map(() => engine.tasks.assign(all, work()).status);
    expect(statuses).toEqual(["running", "running", "running"]);
  });

  it("are not made where auto_spawn is off", () => {
    const { engine } = rig({ limits: { min_idle_agents: 5 } });
    engine.games.connect({});
    expect(engine.counts().total_agents).toBe(0);
  });
});
