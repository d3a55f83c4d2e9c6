import { describe, expect, it } from "vitest";
import { all, crew, rig, teamWork, thrownBy, typesOf, work, only, ofGame } from "./support.js";

describe("the agent for a task that names none", () => {
  it.each([
    ["debugging", "aider"],
    ["feature_development", "opencode"],
    ["code_review", "claude"],
    ["general", "custom"],
  ])("for %s is the one that can do it: %s", (task_type, type) => {
    const { engine } = rig();
    crew(engine, ["custom", "claude", "opencode", "aider"]);
    const { agent_id } = engine.tasks.assign(all, work({ task_type }));
    expect(engine.agents.get(all, agent_id ?? "").type).toBe(type);
  });

  it("is the one whose personality fits when none can do it better", () => {
    const { engine } = rig();
    crew(engine, ["opencode", "aider"]);
    const { agent_id } = engine.tasks.assign(all, work({ task_type: "explanation" }));
    expect(engine.agents.get(all, agent_id ?? "").type).toBe("opencode");
  });

  it("is of the preferred type if one is idle, whatever the others can do", () => {
    const { engine } = rig();
    crew(engine, ["aider", "claude"]);
    const { agent_id } = engine.tasks.assign(all, work({ task_type: "debugging", preferred_type: "claude" }));
    expect(engine.agents.get(all, agent_id ?? "").type).toBe("claude");
  });

  it("is the oldest of those that fit equally", () => {
    const { engine } = rig();
    const [first, second] = crew(engine, ["aider", "aider"]);
    expect(engine.tasks.assign(all, work()).agent_id).toBe(first);
    expect(engine.tasks.assign(all, work()).agent_id).toBe(second);
  });

  it("is refused when the preferred type does not exist", () => {
    const { engine } = rig();
    expect(thrownBy(() => engine.tasks.assign(all, work({ preferred_type: "copilot" })))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["body", "preferred_type"] }],
    });
  });
});

describe("a team", () => {
  it("has members that cover different things, all collaborating, one task each", () => {
    const { engine } = rig();
    crew(engine, ["aider", "aider", "claude", "opencode"]);
    const { team_id, tasks } = engine.tasks.assignTeam(all, teamWork({ team_size: 3 }));
    const members = tasks.map(({ agent_id }) => engine.agents.get(all, agent_id ?? ""));
    expect(members.map(({ type }) => type).sort()).toEqual(["aider", "claude", "opencode"]);
    expect(members.map(({ state }) => state)).toEqual(["collaborating", "collaborating", "collaborating"]);
    expect(members.map(({ current_task_id }) => current_task_id)).toEqual(tasks.map(({ id }) => id));
    expect(tasks.every((task) => task.team_id === team_id && task.status === "running")).toBe(true);
  });

  it("begins with who can do the work", () => {
    const { engine } = rig();
    crew(engine, ["custom", "opencode", "claude"]);
    const { tasks } = engine.tasks.assignTeam(all, teamWork({ task_type: "documentation" }));
    expect(engine.agents.get(all, tasks[0]?.agent_id ?? "").type).toBe("claude");
  });

  it("has the preferred types first", () => {
    const { engine } = rig();
    crew(engine, ["aider", "claude", "opencode", "aider"]);
    const { tasks } = engine.tasks.assignTeam(all, teamWork({ preferred_types: ["aider", "aider"] }));
    expect(tasks.map(({ agent_id }) => engine.agents.get(all, agent_id ?? "").type)).toEqual([
      "aider",
      "aider",
    ]);
  });

  it("collaborates until the end and is completed once, after the last ending", () => {
    const { engine, events, advance } = rig();
    const ids = crew(engine, ["aider", "claude", "opencode"]);
    const { team_id, tasks } = engine.tasks.assignTeam(all, teamWork({ team_size: 3 }));
    const task_ids = tasks.map(({ id }) => id);
    advance(60);
    const completed = only(events, "team.completed");
    const endings = events.filter(({ type }) => /^task\.(completed|failed)$/.test(type));
    const succeeded = endings.filter(({ type }) => type === "task.completed").length;
    expect(completed.map(({ data }) => data)).toEqual([
      { team_id, task_ids, succeeded, failed: 3 - succeeded },
    ]);
    expect(endings).toHaveLength(3);
    expect(endings.every(({ seq }) => seq < (completed[0]?.seq ?? 0))).toBe(true);
    const states = only(events, "agent.state_changed").map(({ data }) => data.state);
    expect(new Set(states)).toEqual(new Set(["collaborating", "idle"]));
    expect(ids.map((id) => engine.agents.get(all, id).state)).toEqual(["idle", "idle", "idle"]);
  });

  it("counts a cancelled member among those that failed", () => {
    const { engine, events, advance } = rig();
    crew(engine, ["aider", "claude"]);
    const { tasks } = engine.tasks.assignTeam(all, teamWork());
    engine.tasks.cancel(all, tasks[0]?.id ?? "", null);
    expect(only(events, "team.completed")).toEqual([]);
    engine.agents.remove(all, tasks[1]?.agent_id ?? "");
    advance(60);
    expect(only(events, "team.completed").map(({ data }) => data)).toMatchObject([
      { succeeded: 0, failed: 2 },
    ]);
  });

  it("is three agents where there was none", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    const { tasks } = engine.tasks.assignTeam(ofGame("red"), teamWork({ team_size: 3 }));
    expect(new Set(tasks.map(({ agent_id }) => agent_id)).size).toBe(3);
    expect(tasks.map(({ game_id, status }) => [game_id, status])).toEqual(
      Array.from({ length: 3 }, () => ["red", "running"]),
    );
  });

  it.each([true, false])(
    "is filled up with new agents, and auto_spawn (%s) has no say in it",
    (auto_spawn) => {
      const { engine } = rig({ limits: { auto_spawn, min_idle_agents: 0, max_agents: 3 } });
      crew(engine, ["aider"]);
      const { tasks } = engine.tasks.assignTeam(all, teamWork({ team_size: 3, preferred_types: ["claude"] }));
      const types = tasks.map(({ agent_id }) => engine.agents.get(all, agent_id ?? "").type);
      expect(types).toHaveLength(3);
      expect(types).toEqual(expect.arrayContaining(["aider", "claude"]));
    },
  );

  it("is refused when there is no room for the agents it lacks, and none is made", () => {
    const { engine, events } = rig({ limits: { max_agents: 2 } });
    crew(engine, ["aider"]);
    expect(thrownBy(() => engine.tasks.assignTeam(all, teamWork({ team_size: 3 })))).toMatchObject({
      code: "not_enough_idle_agents",
      message: "A team of 3 needs 3 idle agents; there are 1, and there is room for 1 more.",
    });
    expect(typesOf(events)).toEqual(["agent.created"]);
    expect(engine.counts().idle_agents).toBe(1);
  });

  it("gets its new agents before tasks that wait do", () => {
    const { engine } = rig({ limits: { max_agents: 2 } });
    const waiting = engine.tasks.assign(all, work({ priority: 100 }));
    const { tasks } = engine.tasks.assignTeam(all, teamWork());
    expect(tasks.map(({ status }) => status)).toEqual(["running", "running"]);
    expect(engine.tasks.get(all, waiting.id).status).toBe("pending");
  });

  it("is never of two games", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    engine.games.connect({ game_id: "blue" });
    crew(engine, ["aider"], ofGame("red"));
    crew(engine, ["aider", "claude"], ofGame("blue"));
    const { tasks } = engine.tasks.assignTeam(all, teamWork());
    expect(tasks.map(({ game_id }) => game_id)).toEqual(["blue", "blue"]);
    const reds = engine.tasks.assignTeam(ofGame("red"), teamWork()).tasks;
    expect(reds.map(({ game_id }) => game_id)).toEqual(["red", "red"]);
  });

  it("of a caller who sees all games is of no game where no game has enough idle agents", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    crew(engine, ["aider", "claude"], ofGame("red"));
    crew(engine, ["opencode"]);
    const { tasks } = engine.tasks.assignTeam(all, teamWork({ team_size: 3 }));
    expect(tasks.map(({ game_id }) => game_id)).toEqual([null, null, null]);
    expect(engine.counts()).toMatchObject({ total_agents: 5, idle_agents: 2 });
  });
});
