import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, EVENT_TYPES, isTaskEnding, type AnyEvent } from "../../src/contract/index.js";
import { apply } from "../../mock-server/domain/apply.js";
import type { Holdings } from "../../mock-server/domain/holdings.js";
import { Indexes } from "../../mock-server/domain/indexes.js";
import type { Change } from "../../mock-server/domain/changes.js";
import { createBackendClock, type Engine } from "../../mock-server/domain/index.js";
import { saveWorld } from "../../mock-server/domain/snapshot.js";
import { emptyWorld } from "../../mock-server/domain/world.js";
import { calls, commands, GAMES, limits, patience, prepared, run, watchedWork } from "./random-commands.js";
import { all, ofGame, rig } from "./support.js";

/** Whether nothing in a value can be changed. */
function isFrozenThrough(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}

/** What must be true of an engine at any time. */
function check(engine: Engine): void {
  const agents = engine.agents.list(all, { limit: 500 }).items;
  const tasks = engine.tasks.list(all, { limit: 500 }).items;
  // Their text may be written once and given out until there are newer ones.
  expect([...agents, ...tasks, ...engine.agents.types()].every(isFrozenThrough)).toBe(true);
  for (const game of GAMES) {
    const own = tasks.filter(({ game_id }) => game_id === game);
    expect(engine.tasks.list(ofGame(game), { limit: 500 }).items).toEqual(own);
  }
  const running = tasks.filter(({ status }) => status === "running");
  const crewOf = (gameId: string | null) => agents.filter(({ game_id }) => game_id === gameId);
  for (const gameId of [null, ...GAMES])
    expect(crewOf(gameId).length).toBeLessThanOrEqual(engine.limits.max_agents);
  for (const game of GAMES.map(ofGame)) {
    const kept = engine.log.after(game, engine.log.floor(game));
    expect(kept).not.toBe("outrun");
    expect(kept.length).toBeLessThanOrEqual(engine.limits.event_buffer);
  }
  const children = agents.filter(({ parent_agent_id }) => parent_agent_id !== null);
  const standing = agents.filter((agent) => !children.includes(agent));
  expect(standing.flatMap(({ current_task_id }) => current_task_id ?? []).sort()).toEqual(
    running.map(({ id }) => id).sort(),
  );
  for (const agent of agents) {
    expect(agent.state === "idle").toBe(agent.current_task_id === null);
    if (agent.current_task_id === null) continue;
    const current = engine.tasks.get(all, agent.current_task_id);
    expect(current).toMatchObject({ agent_id: agent.parent_agent_id ?? agent.id, status: "running" });
    expect(agent.state === "waiting").toBe(agent.parent_agent_id === null && current.question !== null);
    expect(engine.tasks.get(all, agent.current_task_id).game_id).toBe(agent.game_id);
  }
  const idle = agents.filter(({ state }) => state === "idle");
  for (const task of tasks) {
    expect(task.result === null).toBe(!isTaskEnding(task.status));
    if (task.status === "pending") {
      // What agents of this type do is done by workers, who take a task when they can.
      const able = idle.filter(({ type }) => type !== "custom");
      expect(able.filter(({ game_id }) => task.game_id === null || game_id === task.game_id)).toEqual([]);
    }
    if (task.status === "assigned" && task.work !== "worker") {
      expect(engine.agents.get(all, task.agent_id ?? "").state).not.toBe("idle");
    }
  }
  const counts = engine.counts();
  expect(counts).toMatchObject({
    total_agents: agents.length,
    idle_agents: idle.length,
    active_tasks: running.length,
    pending_tasks: tasks.filter(({ status }) => status === "pending" || status === "assigned").length,
  });
  // What runs may grow past what a game may hold, by no more than its agents can write.
  for (const gameId of [null, ...GAMES])
    expect(engine.storage.held(gameId)).toBeLessThan(engine.limits.game_bytes + 9 * 20_000);
  const isRoomy = engine.limits.game_bytes === DEFAULT_LIMITS.game_bytes;
  if (isRoomy && counts.auto_spawn && crewOf(null).length < counts.max_agents) {
    const spares = idle.filter(({ game_id }) => game_id === null).length;
    expect(spares).toBeGreaterThanOrEqual(counts.min_idle_agents);
  }
}

/** What must be true of any event log. */
function checkLog(events: readonly AnyEvent[]): void {
  let place = (events[0]?.seq ?? 1) - 1;
  const ended = new Set<string>();
  const started = new Set<string>();
  const working = new Map<string, string>();
  const teams = new Set<string>();
  let time = "";
  for (const event of events) {
    // A move has the place of the event before it.
    if (event.type !== "agent.moved") place += 1;
    expect(event.seq).toBe(place);
    expect(event.timestamp >= time).toBe(true);
    time = event.timestamp;
    switch (event.type) {
      case "task.assigned": {
        const { id, attempt, agent_id } = event.data.task;
        // Its worker was lost, and it waits for another one.
        if (attempt > 1 && working.get(agent_id ?? "") === id) {
          started.delete(id);
          working.delete(agent_id ?? "");
        }
        expect(ended.has(id) || started.has(id)).toBe(false);
        break;
      }
      case "task.started":
        expect(started.has(event.data.task_id)).toBe(false);
        expect(working.has(event.data.agent_id)).toBe(false);
        started.add(event.data.task_id);
        working.set(event.data.agent_id, event.data.task_id);
        break;
      case "task.progress":
        expect(working.get(event.data.agent_id)).toBe(event.data.task_id);
        break;
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        expect(ended.has(event.data.task_id)).toBe(false);
        ended.add(event.data.task_id);
        if (working.get(event.data.agent_id ?? "") === event.data.task_id)
          working.delete(event.data.agent_id ?? "");
        break;
      case "team.completed":
        expect(teams.has(event.data.team_id)).toBe(false);
        teams.add(event.data.team_id);
        expect(event.data.task_ids.every((id) => ended.has(id))).toBe(true);
        expect(event.data.succeeded + event.data.failed).toBe(event.data.task_ids.length);
        break;
      default:
    }
  }
}

/** All that is counted of what games hold. */
function heldBy(holdings: Holdings) {
  const games = ["", ...GAMES].map((key) => {
    return { bytes: holdings.of(key), ended: holdings.endedOf(key), tasks: [...holdings.endedTasks(key)] };
  });
  return { total: holdings.total, games };
}

// Each runs thousands of commands; a busy machine takes its time.
describe("whatever is asked of the engine", { timeout: 120_000 }, () => {
  it("is asked so that every kind of event happens", () => {
    const happened = new Set<string>();
    for (const [seed, someLimits, given] of fc.sample(fc.tuple(fc.nat(), limits, commands), {
      seed: 1,
      numRuns: 60,
    })) {
      const { tested, sessions } = prepared(seed, someLimits);
      for (const one of given) run(tested, sessions, one);
      for (const { type: kind } of tested.events) happened.add(kind);
    }
    expect([...happened].sort()).toEqual([...EVENT_TYPES].sort());
  });

  it("never brings it into an impossible state, and its state is what its changes amount to", () => {
    fc.assert(
      fc.property(fc.nat(), limits, commands, (seed, someLimits, given) => {
        const { tested, sessions } = prepared(seed, someLimits);
        for (const one of given) {
          run(tested, sessions, one);
          check(tested.engine);
        }
        checkLog(tested.events);
        const changes: Change[] = JSON.parse(JSON.stringify(tested.changes));
        const world = emptyWorld();
        const indexes = new Indexes(world);
        for (const change of changes) {
          indexes.before(change);
          apply(world, change);
          indexes.after(change);
        }
        expect(saveWorld(world)).toEqual(tested.engine.snapshot().world);
        expect(heldBy(indexes.holdings)).toEqual(heldBy(new Indexes(world).holdings));
        for (const gameId of [null, ...GAMES])
          expect(tested.engine.storage.held(gameId)).toBe(indexes.holdings.of(gameId ?? ""));
      }),
      { numRuns: 150, ...patience },
    );
  });

  it("gives the same log again, byte for byte, for the same seed and the same inputs", () => {
    fc.assert(
      fc.property(fc.nat(), limits, commands, (seed, someLimits, given) => {
        const logs = [0, 1].map(() => {
          const { tested, sessions } = prepared(seed, someLimits);
          for (const one of given) run(tested, sessions, one);
          return JSON.stringify(tested.events);
        });
        expect(logs[0]).toBe(logs[1]);
      }),
      { numRuns: 50, ...patience },
    );
  });

  it("goes on from a snapshot as if it had never stopped", () => {
    fc.assert(
      fc.property(fc.nat(), limits, commands, calls, (seed, someLimits, before, after) => {
        const { tested: first, sessions } = prepared(seed, someLimits);
        for (const one of before) run(first, sessions, one);
        const clock = createBackendClock("manual");
        clock.advance(first.clock.now() - clock.now());
        const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
        const second = rig({ seed: seed + 1, limits: someLimits, clock, snapshot, work: watchedWork() });
        const known = first.events.length;
        const secondSessions = [...sessions];
        for (const one of after) {
          run(first, sessions, one);
          run(second, secondSessions, one);
        }
        expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events.slice(known)));
        expect(second.engine.snapshot()).toEqual(first.engine.snapshot());
      }),
      { numRuns: 80, ...patience },
    );
  });
});
