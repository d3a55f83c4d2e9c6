import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALLS_MAX } from "../../mock-server/console/controls/call-log.js";
import { CallJournal } from "../../mock-server/testing/journal/call-journal.js";
import { durations, niceTicks, successShare } from "../../mock-server/console/state/chart-data.js";
import { EVENTS_MAX, EventLog, filterEvents } from "../../mock-server/console/state/event-log.js";
import { DIFF_LINES_MAX, diffLines } from "../../mock-server/console/state/diff-lines.js";
import { areaFor, scaleOf } from "../../mock-server/console/state/map-scale.js";
import { TASKS_MAX, applyEvent, emptyWorld, trim } from "../../mock-server/console/state/world.js";
import { inkOn, initials } from "../../mock-server/console/views/texts.js";
import type { Task } from "../../src/slim.js";
import { all, crew, rig, teamWork, work } from "../domain/support.js";
import { cuedDiff, cuedWork } from "../work/cued-work.js";

function someTask(fields: Partial<Task> = {}): Task {
  const { engine } = rig();
  return { ...engine.tasks.assign(all, work()), ...fields };
}

describe("what the console knows from events", () => {
  it("is what the backend has", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("create", "assign", "team", "cancel", "move", "remove", "wait"), {
          maxLength: 40,
        }),
        (steps) => {
          const { engine, events, advance } = rig({ limits: { max_agents: 5 } });
          for (const step of steps) {
            const [agent] = engine.agents.list(all, {}).items;
            const task = engine.tasks.list(all, {}).items.find(({ status }) => status === "running");
            if (step === "create" && engine.counts().total_agents < 5) crew(engine, ["aider"]);
            else if (step === "assign") engine.tasks.assign(all, work());
            else if (step === "team" && engine.counts().idle_agents > 1)
              engine.tasks.assignTeam(all, teamWork());
            else if (step === "cancel" && task !== undefined) engine.tasks.cancel(all, task.id, "enough");
            else if (step === "move" && agent !== undefined) {
              engine.agents.move(all, { agent_id: agent.id, position: { x: 1, y: 2, z: 3 } });
            } else if (step === "remove" && agent !== undefined) engine.agents.remove(all, agent.id);
            else advance(7);
          }
          const world = emptyWorld();
          for (const event of events) applyEvent(world, event);
          const agents = engine.agents.list(all, {}).items;
          expect([...world.agents.values()].map(({ updated_at: _at, ...agent }) => agent)).toEqual(
            agents.map(({ updated_at: _at, ...agent }) => agent),
          );
          const shown = ({ id, status, message, agent_id, completed_at, started_at }: Task) => ({
            id,
            status,
            // What a cancelled one says is told at the console in other words.
            message: status === "cancelled" ? "" : message,
            agent_id,
            completed_at,
            started_at,
          });
          expect([...world.tasks.values()].map(shown)).toEqual(engine.tasks.list(all, {}).items.map(shown));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has what a task asks, and what became of its changes", () => {
    const { engine, events } = rig({ work: cuedWork() });
    crew(engine, ["aider", "aider", "aider"]);
    const kinds = ["asking", "wording", "changing"];
    const [asking, cancelled, changing] = kinds.map((task_type) =>
      engine.tasks.assign(all, work({ task_type })),
    );
    const known = () => {
      const world = emptyWorld();
      for (const event of events) applyEvent(world, event);
      return [...world.tasks.values()].map(({ question, changes }) => ({ question, changes }));
    };
    const told = () =>
      engine.tasks.list(all, {}).items.map(({ question, changes }) => ({ question, changes }));
    expect(known()).toEqual(told());
    const question_id = asking?.question?.question_id ?? "";
    engine.tasks.answer(all, asking?.id ?? "", { question_id, choice: "red" });
    engine.tasks.cancel(all, cancelled?.id ?? "", null);
    engine.tasks.review(all, changing?.id ?? "", { verdict: "discard" });
    expect(known()).toEqual(told());
    expect(told().map(({ question, changes }) => [question, changes?.review])).toEqual([
      [null, undefined],
      [null, undefined],
      [null, "discarded"],
    ]);
  });

  it("is what the backend has of questions, changes and helpers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("asking", "changing", "helped", "answer", "accept", "cancel", "wait"), {
          maxLength: 30,
        }),
        (steps) => {
          const { engine, events, advance } = rig({ work: cuedWork(), limits: { max_agents: 6 } });
          crew(engine, ["aider", "claude"]);
          for (const step of steps) {
            const tasks = engine.tasks.list(all, {}).items;
            const running = tasks.find(({ status }) => status === "running");
            const asks = tasks.find(({ question }) => question !== null);
            const changed = tasks.find(({ changes }) => changes?.review === "open");
            if (step === "answer" && asks !== undefined) {
              const question_id = asks.question?.question_id ?? "";
              engine.tasks.answer(all, asks.id, { question_id, choice: "red" });
            } else if (step === "accept" && changed !== undefined)
              engine.tasks.review(all, changed.id, { verdict: "accept" });
            else if (step === "cancel" && running !== undefined)
              engine.tasks.cancel(all, running.id, "enough");
            else if (["asking", "changing", "helped"].includes(step))
              engine.tasks.assign(all, work({ task_type: step }));
            else advance(25);
          }
          const world = emptyWorld();
          for (const event of events) applyEvent(world, event);
          const shown = ({ id, status, question, changes, usage }: Task) => ({
            id,
            status,
            question,
            changes,
            usage,
          });
          expect([...world.tasks.values()].map(shown)).toEqual(engine.tasks.list(all, {}).items.map(shown));
          const parents = [...world.agents.values()].map(({ id, parent_agent_id }) => [id, parent_agent_id]);
          expect(parents).toEqual(
            engine.agents.list(all, {}).items.map(({ id, parent_agent_id }) => [id, parent_agent_id]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps who works on a task, which no event says", () => {
    const world = emptyWorld();
    const { work: said, ...told } = someTask();
    world.tasks.set(told.id, { ...told, work: "simulated" });
    const event = {
      type: "task.assigned",
      epoch: "e",
      seq: 1,
      timestamp: told.created_at,
      game_id: null,
    } as const;
    applyEvent(world, { ...event, data: { task: { ...told, status: "assigned" } } });
    expect(said).toBe("simulated");
    expect(world.tasks.get(told.id)).toEqual({ ...told, status: "assigned", work: "simulated" });
  });

  it("lets the oldest tasks go that are over, before those that are not", () => {
    const task = someTask();
    const tasks = new Map<string, Task>();
    for (let index = 0; index < TASKS_MAX + 2; index += 1) {
      const id = `task_${index}`;
      tasks.set(id, { ...task, id, status: index % 2 === 0 ? "running" : "completed" });
    }
    trim(tasks);
    expect(tasks.size).toBe(TASKS_MAX);
    expect([tasks.has("task_0"), tasks.has("task_1"), tasks.has("task_3"), tasks.has("task_5")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe("the log of events", () => {
  it("shows the last move of each agent alone, so that who walks leaves the other events to be seen", () => {
    const { engine, events, advance } = rig();
    const ids = crew(engine, ["aider", "claude"]);
    for (let x = 0; x < 2 * EVENTS_MAX; x += 1) {
      const agent_id = ids[x % 2] ?? "";
      engine.agents.move(all, { agent_id, position: { x, y: 0, z: 0 } });
    }
    crew(engine, ["aider"]);
    advance(1);
    const log = new EventLog();
    for (const event of events) log.add(event);
    expect(log.all().map(({ type }) => type)).toEqual([
      "agent.created",
      "agent.created",
      "agent.moved",
      "agent.moved",
      "agent.created",
    ]);
    expect(log.all()[3]?.data).toMatchObject({ position: { x: 2 * EVENTS_MAX - 1 } });
  });

  it("keeps the last ones, each under a number of its own", () => {
    const { engine, events } = rig();
    crew(engine, ["aider"]);
    const [event] = events;
    if (event === undefined) throw new Error("Nothing happened.");
    const log = new EventLog();
    for (let index = 0; index < EVENTS_MAX * 3; index += 1) log.add(event);
    const kept = log.all();
    expect(kept).toHaveLength(EVENTS_MAX);
    expect(kept.at(-1)?.number).toBe(EVENTS_MAX * 3);
    expect(new Set(kept.map(({ number }) => number)).size).toBe(EVENTS_MAX);
  });

  it("finds events that have all the words, in the groups that are chosen, newest first", () => {
    const { engine, events } = rig();
    const log = new EventLog();
    engine.agents.create(all, { agent_type: "aider", name: "Ada Long" });
    engine.agents.create(all, { agent_type: "claude", name: "Bertha Long" });
    engine.tasks.assign(all, work({ prompt: "Ask Ada" }));
    for (const event of events) log.add(event);
    const find = (words: string, ...groups: string[]) =>
      filterEvents(log.all(), { words, groups: new Set(groups) }).map(({ type }) => type);
    expect(find("ada", "agent")).toEqual(["agent.created"]);
    expect(find("long ADA", "agent")).toEqual(["agent.created"]);
    expect(find("long", "agent", "gap")).toEqual(["agent.created", "agent.created"]);
    expect(find("ask ada")[0]).toMatch(/^task\./);
    expect(find("nothing like it")).toEqual([]);
  });
});

describe("the log of calls", () => {
  const call = {
    via: "request",
    route: "agentList",
    params: {},
    status: 200,
    ms: 1,
    request_id: "r",
    caller: "key:1",
    error: null,
  } as const;

  it("gives each call once to who asks with the number of the last", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(CALLS_MAX - 1), { maxLength: 12 }), (bursts) => {
        const log = new CallJournal(() => 0);
        let last = 0;
        let seen = 0;
        for (const burst of bursts) {
          for (let count = 0; count < burst; count += 1) log.add(call);
          const fresh = log.after(last);
          expect(fresh.map(({ number }) => number)).toEqual(
            Array.from({ length: burst }, (_, at) => last + at + 1),
          );
          last = fresh.at(-1)?.number ?? last;
          seen += fresh.length;
        }
        expect(seen).toBe(bursts.reduce((sum, burst) => sum + burst, 0));
      }),
    );
  });

  it("tells of each when it ended, whenever somebody looks", () => {
    let now = Date.UTC(2026, 0, 1);
    const log = new CallJournal(() => now);
    log.add(call);
    now += 1_234;
    log.add(call);
    now += 60_000;
    expect(log.after(0, CALLS_MAX)).toEqual([
      { ...call, number: 1, at: "2026-01-01T00:00:00.000Z", fault: null },
      { ...call, number: 2, at: "2026-01-01T00:00:01.234Z", fault: null },
    ]);
  });

  it("gives the last ones to who comes late, or remembers a server from before", () => {
    const log = new CallJournal(() => 0);
    for (let count = 0; count < CALLS_MAX * 2 + 10; count += 1) log.add(call);
    expect(log.after(0, CALLS_MAX)).toHaveLength(CALLS_MAX);
    expect(log.after(1_000_000).at(-1)?.number).toBe(CALLS_MAX * 2 + 10);
  });
});

describe("the charts", () => {
  const ended = (seconds: number, status: Task["status"]) =>
    someTask({
      status,
      started_at: "2026-01-01T00:00:00.000Z",
      completed_at: new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString(),
    });

  it("tell how long tasks took, in the order in which they ended", () => {
    const tasks = [ended(9, "failed"), ended(4, "completed"), someTask(), ended(6, "cancelled")];
    expect(durations(tasks).map(({ y, status }) => [y, status])).toEqual([
      [4, "completed"],
      [6, "cancelled"],
      [9, "failed"],
    ]);
  });

  it("tell the share of successes among the last ten, cancelled ones apart", () => {
    const tasks = [ended(1, "failed"), ended(2, "completed"), ended(3, "cancelled"), ended(4, "completed")];
    expect(successShare(tasks).map(({ y }) => y)).toEqual([0, 1 / 2, 2 / 3]);
    const more = Array.from({ length: 10 }, (_, at) => ended(5 + at, "completed"));
    expect(successShare([...tasks, ...more]).at(-1)?.y).toBe(1);
  });

  it("mark their axes with round numbers that lie in them", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (top) => {
        const ticks = niceTicks(0, top, 4);
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(7);
        for (const tick of ticks) expect(tick).toBeLessThanOrEqual(top * 1.000001);
      }),
    );
  });
});

describe("the map", () => {
  const coordinate = fc.double({ min: -100_000, max: 100_000, noNaN: true });
  const place = fc.record({ x: coordinate, z: coordinate });

  it("has every agent in the picture, and leads back to the same place", () => {
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 8 }),
        fc.integer({ min: 200, max: 1_200 }),
        (places, width) => {
          const scale = scaleOf(areaFor(places, null), width, 400);
          for (const one of places) {
            const { x, y } = scale.toPicture(one);
            expect(x).toBeGreaterThanOrEqual(-0.001);
            expect(x).toBeLessThanOrEqual(width + 0.001);
            expect(y).toBeGreaterThanOrEqual(-0.001);
            expect(y).toBeLessThanOrEqual(400.001);
            const back = scale.toGround({ x, y });
            expect(Math.hypot(back.x - one.x, back.z - one.z)).toBeLessThan(0.01);
          }
          expect(scale.gridX.length + scale.gridZ.length).toBeLessThan(60);
        },
      ),
    );
  });

  it("stays as it is while nobody leaves it", () => {
    const area = areaFor([{ x: 1, z: 1 }], null);
    expect(areaFor([{ x: 3, z: -2 }], area)).toBe(area);
    expect(areaFor([{ x: 300, z: 0 }], area)).not.toBe(area);
  });
});

describe("an agent's sign", () => {
  it("has up to two letters, in black or white, whichever is read better", () => {
    expect(["Ada", "Clara Long", "", "über wald", "7"].map(initials)).toEqual(["AD", "CL", "?", "ÜW", "7"]);
    expect(["#000000", "#0066CC", "#00CC66", "#ffffff"].map(inkOn)).toEqual(["#fff", "#fff", "#000", "#000"]);
  });
});

describe("a diff at the console", () => {
  it("has its paths, places and lines, each with what it is", () => {
    expect(diffLines(`diff --git a/player.ts b/player.ts\nindex 1..2 100644\n${cuedDiff}`)).toEqual([
      { kind: "file", text: "player.ts" },
      { kind: "place", text: "@@ -1 +1 @@" },
      { kind: "removed", text: "jump" },
      { kind: "added", text: "jump()" },
    ]);
  });

  it("takes a line of a change for no head, whatever it looks like", () => {
    const diff = "--- a/notes.md\n+++ b/notes.md\n@@ -1,2 +1,2 @@\n--- gone\n+++ come\n same\n";
    expect(diffLines(diff).slice(2)).toEqual([
      { kind: "removed", text: "-- gone" },
      { kind: "added", text: "++ come" },
      { kind: "same", text: "same" },
    ]);
  });

  it("that is no diff is shown as it is", () => {
    expect(diffLines("hello\n")).toEqual([{ kind: "note", text: "hello" }]);
  });

  it("that is very long ends with how much is left", () => {
    const lines = diffLines(`@@ -0,0 +1,9000 @@\n${"+x\n".repeat(9_000)}`);
    expect(lines).toHaveLength(DIFF_LINES_MAX + 1);
    expect(lines.at(-1)?.text).toBe(`${9_001 - DIFF_LINES_MAX} more lines are not shown.`);
  });
});
