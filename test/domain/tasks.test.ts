import { describe, expect, it } from "vitest";
import { ENDED_TASKS_MAX, WAITING_TASKS_MAX } from "../../mock-server/domain/bounds.js";
import { all, crew, eventsOfTask, get, ofGame, rig, thrownBy, typesOf, work } from "./support.js";

describe("a task for an agent that is idle", () => {
  it("runs at once and goes through its events in order to one ending", () => {
    const { engine, events, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const task = engine.tasks.assign(all, work({ agent_id, metadata: { ticket: 12 } }));
    expect(task).toMatchObject({ status: "running", agent_id, progress: 0, metadata: { ticket: 12 } });
    expect(engine.agents.get(all, agent_id)).toMatchObject({ state: "thinking", current_task_id: task.id });
    advance(40);
    const types = typesOf(eventsOfTask(events, task.id));
    expect(types.slice(0, 3)).toEqual(["task.assigned", "agent.state_changed", "task.started"]);
    expect(types.at(-1)).toMatch(/^task\.(completed|failed)$/);
    expect(types.filter((type) => /completed|failed|cancelled/.test(type))).toHaveLength(1);
    expect(types).toContain("task.progress");
    expect(engine.agents.get(all, agent_id)).toMatchObject({ state: "idle", current_task_id: null });
    expect(events.at(-1)).toMatchObject({
      type: "agent.state_changed",
      data: { state: "idle", task_id: null },
    });
  });

  it("is told of as it was at that moment, whatever becomes of it", () => {
    const { engine, events, advance } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    const [assigned] = eventsOfTask(events, id);
    const before = JSON.stringify(assigned);
    advance(40);
    expect(JSON.stringify(assigned)).toBe(before);
    expect(assigned).toMatchObject({ data: { task: { status: "assigned" } } });
  });

  it("has a result with its output and the seconds that it took", () => {
    const { engine, advance } = rig();
    crew(engine, ["claude"]);
    const { id } = engine.tasks.assign(all, work({ task_type: "explanation" }));
    advance(40);
    const task = get(engine, id);
    expect(task.result?.output).toContain("simulated");
    expect(task.result?.completed_at).toBe(task.completed_at);
    const seconds = (Date.parse(task.completed_at ?? "") - Date.parse(task.started_at ?? "")) / 1_000;
    expect(task.result?.execution_time).toBe(seconds);
  });
});

describe("tasks that wait", () => {
  it("are assigned behind their agent's current one and done by priority, then age", () => {
    const { engine, events, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const give = (priority: number) => engine.tasks.assign(all, work({ agent_id, priority }));
    const [running, low, high, alsoHigh] = [give(1), give(1), give(9), give(9)];
    expect([low, high, alsoHigh].map(({ status }) => status)).toEqual(["assigned", "assigned", "assigned"]);
    advance(200);
    const started = events.flatMap((event) => (event.type === "task.started" ? [event.data.task_id] : []));
    expect(started).toEqual([running.id, high.id, alsoHigh.id, low.id]);
  });

  it("are pending while nobody is idle, and told of again when an agent takes them", () => {
    const { engine, events, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    engine.tasks.assign(all, work());
    const { id, status } = engine.tasks.assign(all, work());
    expect(status).toBe("pending");
    expect(get(engine, id).agent_id).toBeNull();
    advance(40);
    const assignments = eventsOfTask(events, id).filter(({ type }) => type === "task.assigned");
    expect(assignments).toMatchObject([
      { data: { task: { status: "pending", agent_id: null } } },
      { data: { task: { status: "assigned", agent_id } } },
    ]);
  });

  it("start as soon as an agent is created", () => {
    const { engine } = rig();
    const { id } = engine.tasks.assign(all, work());
    expect(get(engine, id).status).toBe("pending");
    const agent = engine.agents.create(all, { agent_type: "claude" });
    expect(agent.state).toBe("thinking");
    expect(get(engine, id)).toMatchObject({ status: "running", agent_id: agent.id });
  });

  it("go before those of the agent's own when their priority is higher", () => {
    const { engine, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const current = engine.tasks.assign(all, work({ agent_id }));
    const own = engine.tasks.assign(all, work({ agent_id, priority: 2 }));
    const anybodys = engine.tasks.assign(all, work({ priority: 5 }));
    engine.tasks.cancel(all, current.id, null);
    expect(get(engine, anybodys.id).status).toBe("running");
    expect(get(engine, own.id).status).toBe("assigned");
    advance(40);
    expect(get(engine, own.id).started_at).toBe(get(engine, anybodys.id).completed_at);
  });

  it("of one game are not done by the agents of another", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    engine.games.connect({ game_id: "blue" });
    crew(engine, ["aider"], ofGame("blue"));
    const task = engine.tasks.assign(ofGame("red"), work());
    expect(task).toMatchObject({ status: "pending", game_id: "red" });
    expect(thrownBy(() => engine.tasks.get(ofGame("blue"), task.id))).toMatchObject({
      code: "task_not_found",
    });
  });

  it("of no game belong to the game of the agent that takes them", () => {
    const { engine } = rig();
    engine.games.connect({ game_id: "red" });
    crew(engine, ["aider"], ofGame("red"));
    const task = engine.tasks.assign(all, work());
    expect(task).toMatchObject({ status: "running", game_id: "red" });
  });

  it("are refused past a stated number of a game, and nothing changes; other games go on", () => {
    const { engine } = rig();
    for (const game_id of ["red", "blue"]) engine.games.connect({ game_id });
    const red = ofGame("red");
    for (let count = 0; count < WAITING_TASKS_MAX; count += 1) engine.tasks.assign(red, work());
    const { seq } = engine.log;
    expect(thrownBy(() => engine.tasks.assign(red, work()))).toMatchObject({
      code: "storage_full",
      message: `${WAITING_TASKS_MAX} tasks of the game 'red' wait already, as many as may.`,
    });
    expect(engine.log.seq).toBe(seq);
    expect(engine.tasks.assign(ofGame("blue"), work()).status).toBe("pending");
    expect(engine.tasks.assign(all, work()).status).toBe("pending");
  });
});

describe("cancelling", () => {
  it("ends a running task at any moment and frees its agent for the next one", () => {
    const { engine, events, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const first = engine.tasks.assign(all, work({ agent_id }));
    const second = engine.tasks.assign(all, work({ agent_id }));
    advance(3);
    const before = events.length;
    const cancelled = engine.tasks.cancel(all, first.id, "changed my mind");
    expect(cancelled).toMatchObject({
      status: "cancelled",
      result: { success: false, execution_time: 3, error: { code: "cancelled" } },
    });
    expect(cancelled.result?.error?.message).toContain("changed my mind");
    expect(typesOf(events.slice(before))).toEqual([
      "task.cancelled",
      "agent.state_changed",
      "agent.state_changed",
      "task.started",
    ]);
    expect(get(engine, second.id).status).toBe("running");
  });

  it("takes a task that waits out of the queue, as if it had not started", () => {
    const { engine, advance } = rig();
    crew(engine, ["aider"]);
    engine.tasks.assign(all, work());
    const { id } = engine.tasks.assign(all, work());
    expect(engine.tasks.cancel(all, id, null)).toMatchObject({
      status: "cancelled",
      started_at: null,
      result: { execution_time: 0, output: "" },
    });
    advance(100);
    expect(get(engine, id).status).toBe("cancelled");
  });

  it("leaves nothing of the work to be done", () => {
    const { engine, clock } = rig({ limits: { completed_task_ttl_seconds: 100 } });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    engine.tasks.cancel(all, id, null);
    expect(engine.nextDueAt()).toBe(clock.now() + 100_000);
  });

  it("is refused for a task that is over", () => {
    const { engine, advance } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    advance(40);
    const { seq } = engine.log;
    expect(thrownBy(() => engine.tasks.cancel(all, id, null))).toMatchObject({
      code: "task_not_cancellable",
    });
    expect(engine.log.seq).toBe(seq);
  });
});

describe("a time limit", () => {
  it("fails the task that runs into it, with the code timeout", () => {
    const { engine, advance } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ timeout: 2 }));
    advance(1.9);
    expect(get(engine, id).status).toBe("running");
    advance(0.1);
    expect(get(engine, id)).toMatchObject({
      status: "failed",
      result: { success: false, execution_time: 2, error: { code: "timeout" } },
    });
  });

  it("counts from the start, not from the assignment", () => {
    const { engine, advance } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const first = engine.tasks.assign(all, work({ agent_id, timeout: 4 }));
    const second = engine.tasks.assign(all, work({ agent_id, timeout: 3 }));
    advance(5);
    expect(get(engine, first.id).status).toBe("failed");
    expect(get(engine, second.id).status).toBe("running");
    advance(2);
    expect(get(engine, second.id)).toMatchObject({
      status: "failed",
      started_at: "2026-01-01T00:00:04.000Z",
    });
  });
});

describe("a prompt", () => {
  it("longer than the limit is refused where it stands, and nothing changes", () => {
    const { engine, events } = rig({ limits: { prompt_max_characters: 5 } });
    expect(thrownBy(() => engine.tasks.assign(all, work({ prompt: "123456" })))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["body", "prompt"] }],
    });
    expect(events).toEqual([]);
  });

  it("is counted in characters, not in halves of them", () => {
    const { engine } = rig({ limits: { prompt_max_characters: 5 } });
    expect(engine.tasks.assign(all, work({ prompt: "𝒂𝒃𝒄𝒅𝒆" })).prompt).toBe("𝒂𝒃𝒄𝒅𝒆");
  });
});

describe("a task that is over", () => {
  it("is forgotten after its time, with its output", () => {
    const { engine, advance } = rig({ limits: { completed_task_ttl_seconds: 100 } });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    advance(5);
    engine.tasks.cancel(all, id, null);
    advance(99);
    expect(get(engine, id).status).toBe("cancelled");
    advance(1);
    expect(thrownBy(() => get(engine, id))).toMatchObject({ code: "task_not_found" });
    expect(thrownBy(() => engine.tasks.output(all, id, 0))).toMatchObject({ code: "task_not_found" });
    expect(engine.counts().cancelled_tasks).toBe(1);
    expect(engine.nextDueAt()).toBeNull();
  });

  it("is forgotten earlier when its game has too many, the first to end first; other games keep theirs", () => {
    const { engine } = rig({ limits: { game_bytes: 100_000_000 } });
    engine.games.connect({ game_id: "red" });
    const others = engine.tasks.assign(ofGame("red"), work());
    engine.tasks.cancel(all, others.id, null);
    const first = engine.tasks.assign(all, work());
    engine.tasks.cancel(all, first.id, null);
    for (let count = 1; count < ENDED_TASKS_MAX; count += 1) {
      engine.tasks.cancel(all, engine.tasks.assign(all, work()).id, null);
    }
    expect(get(engine, first.id).status).toBe("cancelled");
    engine.tasks.cancel(all, engine.tasks.assign(all, work()).id, null);
    expect(thrownBy(() => get(engine, first.id))).toMatchObject({ code: "task_not_found" });
    expect(get(engine, others.id).status).toBe("cancelled");
  });
});

describe("a list of tasks", () => {
  it("comes in more pages where the tasks are large, and misses none", () => {
    const { engine } = rig({ limits: { game_bytes: 100_000_000 } });
    const metadata = { note: "x".repeat(16_000) };
    const ids = Array.from({ length: 900 }, () => engine.tasks.assign(all, work({ metadata })).id);
    const pages: number[] = [];
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = engine.tasks.list(all, { limit: 500, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      pages.push(JSON.stringify(page.items).length);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    expect(Math.max(...pages)).toBeLessThan(5_000_000);
  });

  it("of one game has its own in the order of their making, one among them that came to it later", () => {
    const { engine } = rig();
    const red = ofGame("red");
    engine.games.connect({ game_id: "red" });
    const [agent_id = ""] = crew(engine, ["aider"], red);
    const before = engine.tasks.assign(red, work({ agent_id })).id;
    const ofNone = engine.tasks.assign(all, work({ priority: 5 })).id;
    const after = engine.tasks.assign(red, work()).id;
    engine.tasks.assign(all, work());
    engine.tasks.cancel(all, before, null);
    expect(get(engine, ofNone).game_id).toBe("red");
    const first = engine.tasks.list(red, { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([before, ofNone]);
    const rest = engine.tasks.list(red, { cursor: first.next_cursor ?? "" });
    expect(rest.items.map(({ id }) => id)).toEqual([after]);
    expect(engine.tasks.list(all, { game_id: "red" }).items).toHaveLength(3);
  });

  it("is filtered by agent, status and team, and comes in pages", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const ids = [1, 2, 3].map(() => engine.tasks.assign(all, work({ agent_id })).id);
    engine.tasks.assign(all, work());
    const page = engine.tasks.list(all, { agent_id, status: "assigned", limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([ids[1]]);
    const next = engine.tasks.list(all, { agent_id, status: "assigned", cursor: page.next_cursor ?? "" });
    expect(next.items.map(({ id }) => id)).toEqual([ids[2]]);
    expect(engine.tasks.list(all, { team_id: "team_1" }).items).toEqual([]);
  });
});
