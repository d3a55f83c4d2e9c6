import { describe, expect, it } from "vitest";
import { createBackendClock } from "../../mock-server/domain/index.js";
import { all, crew, ofGame, only, rig, teamWork, thrownBy, typesOf, work, type Rig } from "./support.js";

const red = ofGame("red");

/** A game with two agents, one of them at work, and a scene; and the game's only session. */
function played({ engine }: Rig): { session: string; agents: string[] } {
  const { session_id: session } = engine.games.connect({ game_id: "red" });
  engine.scenes.put(red, "hall", { game_id: "red" });
  const agents = crew(engine, ["aider", "claude"], red);
  engine.tasks.assign(red, work({ agent_id: agents[0] }));
  return { session, agents };
}

describe("a game whose last session has ended", () => {
  it("keeps everything for 30 s", () => {
    const tested = rig();
    const { session, agents } = played(tested);
    tested.engine.games.disconnect(session);
    tested.advance(29.999);
    expect(tested.engine.games.agents(all, "red").agents.map(({ id }) => id)).toEqual(agents);
  });

  it("is emptied then: open tasks first, the oldest first, then agents", () => {
    const tested = rig();
    const { engine, events, advance } = tested;
    const { session, agents } = played(tested);
    engine.games.disconnect(session);
    advance(29.9);
    const [agent_id] = agents;
    const tasks = [1, 2, 3].map(() => engine.tasks.assign(red, work({ agent_id })).id);
    const before = events.length;
    advance(0.1);
    const after = events.slice(before).filter(({ type }) => type !== "task.progress");
    expect(typesOf(after)).toEqual([
      ...tasks.map(() => "task.cancelled"),
      ...agents.map(() => "agent.removed"),
    ]);
    expect(only(after, "task.cancelled").map(({ data }) => [data.task_id, data.reason])).toEqual(
      tasks.map((id) => [id, "The game was left."]),
    );
    expect(only(after, "agent.removed").map(({ data }) => data.agent_id)).toEqual(agents);
    expect(after.map(({ game_id, timestamp }) => [game_id, timestamp])).toEqual(
      after.map(() => ["red", "2026-01-01T00:00:30.000Z"]),
    );
    expect(engine.counts()).toMatchObject({ total_agents: 0, active_tasks: 0, pending_tasks: 0 });
    expect(thrownBy(() => engine.games.agents(all, "red"))).toMatchObject({ code: "game_not_found" });
  });

  it("cancels tasks that wait for nobody in particular, and ends teams", () => {
    const { engine, events, advance } = rig({ limits: { max_agents: 2 } });
    engine.games.disconnect(engine.games.connect({ game_id: "red" }).session_id);
    advance(29.9);
    const { team_id } = engine.tasks.assignTeam(red, teamWork());
    const waiting = engine.tasks.assign(red, work({ priority: 100 }));
    expect(waiting.status).toBe("pending");
    advance(0.1);
    expect(engine.tasks.list(all, { status: "cancelled" }).items).toHaveLength(3);
    expect(only(events, "team.completed").map(({ data }) => [data.team_id, data.failed])).toEqual([
      [team_id, 2],
    ]);
    expect(engine.tasks.get(all, waiting.id).message).toContain("The game was left.");
  });

  it("leaves other games, and what belongs to no game, as they are", () => {
    const tested = rig();
    const { engine, advance } = tested;
    const { session } = played(tested);
    engine.games.connect({ game_id: "blue" });
    const others = [...crew(engine, ["aider"], ofGame("blue")), ...crew(engine, ["aider"])];
    engine.games.disconnect(session);
    advance(60);
    expect(engine.agents.list(all, {}).items.map(({ id }) => id)).toEqual(others);
  });

  it("is as it was when it is connected again within its grace", () => {
    const tested = rig();
    const { engine, advance } = tested;
    const { session, agents } = played(tested);
    engine.games.disconnect(session);
    advance(29);
    engine.games.connect({ game_id: "red" });
    advance(600);
    expect(engine.agents.list(red, {}).items.map(({ id }) => id)).toEqual(agents);
    expect(engine.agents.create(red, { agent_type: "aider", scene_id: "hall" }).scene_id).toBe("hall");
  });

  it("begins empty when it is connected after that", () => {
    const tested = rig();
    const { engine, advance } = tested;
    const { session } = played(tested);
    engine.games.disconnect(session);
    advance(30);
    engine.games.connect({ game_id: "red" });
    expect(engine.games.agents(red, "red").agents).toEqual([]);
    expect(engine.scenes.put(red, "hall", { game_id: "red" }).revision).toBe(1);
  });

  it("is left when the last of several sessions has ended, and not before", () => {
    const tested = rig();
    const { engine, advance } = tested;
    const { session } = played(tested);
    const { session_id } = engine.games.connect({ game_id: "red" });
    engine.games.disconnect(session);
    advance(60);
    expect(engine.counts().total_agents).toBe(2);
    engine.games.disconnect(session_id);
    advance(30);
    expect(engine.counts().total_agents).toBe(0);
  });

  it("is left by a session that was silent for its time, too", () => {
    const tested = rig({ limits: { session_ttl_seconds: 600 } });
    played(tested);
    tested.advance(600);
    tested.advance(29.999);
    expect(tested.engine.counts().total_agents).toBe(2);
    tested.advance(0.001);
    expect(tested.engine.counts().total_agents).toBe(0);
  });

  it("has its grace from when the end was noticed, as after a machine's sleep", () => {
    const tested = rig();
    const { engine, advance } = tested;
    const { agents } = played(tested);
    advance(8 * 3_600);
    engine.games.connect({ game_id: "red" });
    advance(60);
    expect(engine.agents.list(red, {}).items.map(({ id }) => id)).toEqual(agents);
  });

  it("stays for as long as the limit says, and goes at once at 0", () => {
    const tested = rig({ limits: { leave_grace_seconds: 0 } });
    const { session } = played(tested);
    tested.engine.games.disconnect(session);
    expect(tested.engine.counts().total_agents).toBe(0);
  });

  it("loses what was answered to it and what it reported", () => {
    const tested = rig();
    const { engine } = tested;
    const { session } = played(tested);
    engine.answers.keep("game:red", "k", "body", { success: true });
    engine.analytics.report("red", [
      { type: "connection", at: "2026-01-01T00:00:00.000Z", status: "live", reason: null },
    ]);
    engine.games.disconnect(session);
    tested.advance(29);
    expect(engine.answers.find("game:red", "k", "body").kind).toBe("replay");
    tested.advance(1);
    expect(engine.answers.find("game:red", "k", "body").kind).toBe("new");
    expect(engine.analytics.read("red").summary.events).toBe(0);
    expect(engine.analytics.read(null).summary.events).toBe(1);
  });
});

describe("a game that is to be kept", () => {
  it("stays as it is without a session", () => {
    const { engine, advance } = rig();
    const { session_id } = engine.games.connect({ game_id: "red", keep: true });
    const agents = crew(engine, ["aider"], red);
    engine.games.disconnect(session_id);
    expect(engine.nextDueAt()).toBeNull();
    advance(86_400);
    expect(engine.games.agents(all, "red").agents.map(({ id }) => id)).toEqual(agents);
  });

  it("is kept until it says otherwise: a connect that says nothing of it changes nothing", () => {
    const { engine, advance } = rig();
    const sessions = [{ keep: true }, {}].map((about) => engine.games.connect({ game_id: "red", ...about }));
    crew(engine, ["aider"], red);
    for (const { session_id } of sessions) engine.games.disconnect(session_id);
    advance(60);
    expect(engine.counts().total_agents).toBe(1);
    engine.games.disconnect(engine.games.connect({ game_id: "red", keep: false }).session_id);
    advance(30);
    expect(engine.counts().total_agents).toBe(0);
  });
});

describe("a snapshot", () => {
  const laterBy = (seconds: number, from: Rig) => {
    const clock = createBackendClock("manual");
    clock.advance(from.clock.now() - clock.now() + seconds * 1_000);
    return clock;
  };

  it("of a game that was left has what was left of its grace, however long it lay", () => {
    const first = rig();
    const { session, agents } = played(first);
    first.engine.games.disconnect(session);
    first.advance(20);
    const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
    const { engine, advance } = rig({ snapshot, clock: laterBy(86_400, first) });
    advance(9.999);
    expect(engine.games.agents(all, "red").agents.map(({ id }) => id)).toEqual(agents);
    advance(0.001);
    expect(engine.counts().total_agents).toBe(0);
  });

  it("of yesterday can be gone on with: its sessions are over, its game is not", () => {
    const first = rig();
    const { agents } = played(first);
    const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
    const { engine, advance } = rig({ snapshot, clock: laterBy(86_400, first) });
    engine.games.connect({ game_id: "red" });
    advance(60);
    expect(engine.agents.list(red, {}).items.map(({ id }) => id)).toEqual(agents);
  });

  it("knows which games are to be kept", () => {
    const first = rig();
    const { session_id } = first.engine.games.connect({ game_id: "red", keep: true });
    crew(first.engine, ["aider"], red);
    const { engine, advance } = rig({ snapshot: first.engine.snapshot() });
    engine.games.disconnect(session_id);
    advance(60);
    expect(engine.counts().total_agents).toBe(1);
  });

  it("from before games were left can be loaded, and its games without a session stay", () => {
    const first = rig();
    const { session, agents } = played(first);
    first.engine.games.disconnect(session);
    const { agenda, ...rest } = first.engine.snapshot();
    const jobs = agenda.jobs.filter(({ kind }) => kind !== "leave");
    const { engine, advance } = rig({ snapshot: { ...rest, agenda: { ...agenda, jobs } } });
    advance(600);
    expect(engine.games.agents(all, "red").agents.map(({ id }) => id)).toEqual(agents);
  });
});
