import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { ROUTE_NAMES, routes } from "../../src/contract/index.js";
import type { Route, RouteName } from "../../src/contract/index.js";
import { cuedChanges, cuedDiff, cuedWork } from "../work/cued-work.js";
import { watched } from "./watched.js";
import { inTime } from "./time.js";
import { waysToBackend } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

interface Stage {
  readonly agentvm: AnyAgentVM;
  readonly agentId: string;
  readonly taskId: string;
  readonly gameId: string;
  readonly workerId: string;
}

const origin = { x: 0, y: 0, z: 0 };

/** A task of an agent that works at once as its type says. */
async function cued(agentvm: AnyAgentVM, task_type: string) {
  const { id: agent_id } = await agentvm.agents.create("custom");
  return agentvm.tasks.assign({ agent_id, prompt: "Fix the jump", task_type });
}

/** The client's method for every call of the contract, and what it has to come to. */
const methods: Record<RouteName, (stage: Stage) => Promise<void>> = {
  health: async ({ agentvm }) => {
    expect(await agentvm.system.health()).toMatchObject({ status: "healthy" });
  },
  openapi: async ({ agentvm }) => {
    expect(JSON.parse(await agentvm.system.document("openapi"))).toMatchObject({ openapi: "3.1.0" });
  },
  asyncapi: async ({ agentvm }) => {
    expect(JSON.parse(await agentvm.system.document("asyncapi"))).toHaveProperty("asyncapi");
  },
  docs: async ({ agentvm }) => {
    expect(await agentvm.system.document("docs")).toMatch(/^<!doctype html>/i);
  },
  systemStatus: async ({ agentvm }) => {
    expect(await agentvm.system.status()).toMatchObject({ total_agents: 1, sessions: 1 });
  },
  metrics: async ({ agentvm }) => {
    expect(await agentvm.system.metrics()).toMatch(/^# HELP /m);
  },
  agentTypes: async ({ agentvm }) => {
    const types = await agentvm.agents.types();
    expect(types.map(({ type }) => type)).toEqual(["aider", "opencode", "claude", "custom"]);
  },
  agentTypeCreate: async ({ agentvm }) => {
    const added = await agentvm.agents.createType({ type: "tester", name: "Tester", color: "#AA1155" });
    expect(added).toMatchObject({ type: "tester", color: "#AA1155", capabilities: ["general"] });
    expect(await agentvm.agents.create("tester")).toMatchObject({ type: "tester", color: "#AA1155" });
  },
  agentList: async ({ agentvm, agentId }) => {
    expect((await agentvm.agents.list({ type: "aider" })).map(({ id }) => id)).toEqual([agentId]);
    expect(await agentvm.agents.list({ type: "claude" })).toEqual([]);
  },
  agentCreate: async ({ agentvm }) => {
    const agent = await agentvm.agents.create({
      agent_type: "claude",
      name: "Ada",
      position: { x: 1, y: 2, z: 3 },
    });
    expect(agent).toMatchObject({ type: "claude", name: "Ada", position: { x: 1, y: 2, z: 3 } });
  },
  agentMoveMany: async ({ agentvm, agentId }) => {
    const updates = [
      { agent_id: agentId, position: { x: 7, y: 0, z: 0 } },
      { agent_id: "agent_none", position: origin },
    ];
    const { applied, failed } = await agentvm.agents.moveMany(updates);
    expect(applied).toEqual([agentId]);
    expect(failed).toMatchObject([{ agent_id: "agent_none", code: "agent_not_found" }]);
  },
  agentGet: async ({ agentvm, agentId }) => {
    expect(await agentvm.agents.get(agentId)).toMatchObject({ id: agentId, type: "aider" });
  },
  agentMove: async ({ agentvm, agentId }) => {
    expect(await agentvm.agents.move(agentId, { x: 4, y: 0, z: 2 })).toMatchObject({ applied: true });
    expect(await agentvm.agents.move(agentId, { position: origin, sequence: 0 }, {})).toMatchObject({
      applied: false,
    });
    expect((await agentvm.agents.get(agentId)).position).toEqual({ x: 4, y: 0, z: 2 });
  },
  agentRemove: async ({ agentvm, agentId }) => {
    await agentvm.agents.remove(agentId);
    expect(await agentvm.agents.list()).toEqual([]);
  },
  taskAssign: async ({ agentvm, agentId }) => {
    const task = await agentvm.tasks.assign({ agent_id: agentId, prompt: "Fix the camera", priority: 9 });
    expect(await agentvm.tasks.get(task.id)).toMatchObject({ prompt: "Fix the camera", priority: 9 });
  },
  teamAssign: async ({ agentvm }) => {
    await agentvm.agents.create("claude");
    await agentvm.agents.create("opencode");
    const team = await agentvm.tasks.assignTeam({ prompt: "Add multiplayer", team_size: 2 });
    expect(await agentvm.tasks.list({ team_id: team.id })).toHaveLength(2);
  },
  taskList: async ({ agentvm, taskId }) => {
    expect((await agentvm.tasks.list({ status: "running" })).map(({ id }) => id)).toEqual([taskId]);
  },
  taskGet: async ({ agentvm, taskId, agentId }) => {
    expect(await agentvm.tasks.get(taskId)).toMatchObject({
      id: taskId,
      agent_id: agentId,
      status: "running",
    });
  },
  taskOutput: async ({ agentvm, taskId }) => {
    const first = await agentvm.tasks.output(taskId).next();
    expect(first.value).toMatchObject({ offset: 0, stream: "stdout" });
  },
  taskAnswer: async ({ agentvm }) => {
    const task = await cued(agentvm, "asking");
    const answer = await agentvm.tasks.answer(task.id, { choice: "red" });
    expect(answer).toMatchObject({ success: true, task_id: task.id });
    expect((await task.result()).output).toBe("red by player\n");
  },
  taskDiff: async ({ agentvm }) => {
    expect(await agentvm.tasks.diff((await cued(agentvm, "changing")).id)).toBe(cuedDiff);
  },
  taskReview: async ({ agentvm }) => {
    const { id } = await cued(agentvm, "changing");
    expect(await agentvm.tasks.review(id, "accept", "Good")).toEqual({ ...cuedChanges, review: "accepted" });
  },
  taskCancel: async ({ agentvm, taskId }) => {
    expect(await agentvm.tasks.cancel(taskId, "Not needed")).toMatchObject({
      task_id: taskId,
      status: "cancelled",
    });
  },
  gameConnect: async ({ agentvm }) => {
    expect(await agentvm.game.connect({ game_id: "other_game" })).toMatchObject({ game_id: "other_game" });
  },
  gameHeartbeat: async ({ agentvm }) => {
    expect((await agentvm.game.heartbeat()).expires_at).toMatch(/^2026-/);
  },
  gameDisconnect: async ({ agentvm }) => {
    await agentvm.game.disconnect();
    expect(agentvm.gameId).toBeNull();
  },
  sceneUpdate: async ({ agentvm, gameId }) => {
    const scene = { game_id: gameId, workspaces: [{ id: "desk_1", position: origin }] };
    expect(await agentvm.game.updateScene("scene_1", scene)).toMatchObject({
      scene_id: "scene_1",
      revision: 1,
    });
    expect(await agentvm.game.updateScene("scene_1", scene)).toMatchObject({ revision: 2 });
  },
  gameAgents: async ({ agentvm, gameId, agentId }) => {
    const snapshot = await agentvm.game.agents(gameId);
    expect(snapshot.agents.map(({ id }) => id)).toEqual([agentId]);
    expect(snapshot.cursor.seq).toBeGreaterThan(0);
  },
  analyticsEvents: async ({ agentvm, agentId }) => {
    const event = { type: "interaction", at: "2026-01-01T00:00:00.000Z", agent_id: agentId } as const;
    const answer = await agentvm.system.reportAnalytics([{ ...event, agent_type: "aider", kind: "click" }]);
    expect(answer.accepted).toBe(1);
  },
  analyticsSummary: async ({ agentvm }) => {
    expect(await agentvm.system.analytics()).toMatchObject({ events: 0, calls: [] });
  },
  workerList: async ({ agentvm }) => {
    expect(await agentvm.workers.list()).toMatchObject([{ name: "desk-1", busy: 0 }]);
  },
  workerJoin: async ({ agentvm }) => {
    expect(await agentvm.workers.join({ name: "desk-2", agent_types: ["*"] })).toMatchObject({
      lease_seconds: 30,
    });
  },
  workerClaim: async ({ agentvm, workerId }) => {
    expect(await agentvm.workers.claim(workerId)).toEqual([]);
  },
  workerObserve: async ({ agentvm, workerId }) => {
    const sessions = [{ session: "s-1", agent_type: "claude", name: "my-game" }];
    expect(await agentvm.workers.observe(workerId, { sessions })).toMatchObject({
      sessions: [{ session: "s-1", job: null }],
    });
  },
  workerLeave: async ({ agentvm, workerId }) => {
    await agentvm.workers.leave(workerId);
    expect(await agentvm.workers.list()).toEqual([]);
  },
  taskReport: async ({ agentvm, taskId }) => {
    await expect(
      agentvm.workers.report(taskId, { attempt: 1, number: 1, reports: [] }),
    ).rejects.toMatchObject({ code: "attempt_over" });
  },
  taskFinish: async ({ agentvm, taskId }) => {
    await expect(agentvm.workers.finish(taskId, { attempt: 1, success: true })).rejects.toMatchObject({
      code: "attempt_over",
    });
  },
  taskReviewed: async ({ agentvm, taskId }) => {
    await expect(agentvm.workers.reviewed(taskId, { review_id: "review_none" })).rejects.toMatchObject({
      code: "no_such_review",
    });
  },
  batch: async ({ agentvm, agentId }) => {
    const responses = await agentvm.batch([
      { id: "one", method: "GET", path: `/agents/${agentId}` },
      { id: "two", method: "GET", path: "/agents/agent_none" },
    ]);
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ["one", 200],
      ["two", 404],
    ]);
  },
};

describe.each(waysToBackend)("an AgentVM %s has a method for", (_name, make) => {
  let backend: MockBackend;
  let stage: Stage;
  let asked: string[];

  beforeEach(async () => {
    backend = createMockBackend({ seed: 4, clock: "manual", parts: { work: cuedWork } });
    asked = [];
    const agentvm = make({
      ...backend.connection(),
      clock: backend.clock,
      // With the stream open, commands would go over it.
      events: false,
      fetch: watched(backend.fetch, (method, url) => {
        asked.push(`${method} ${new URL(url).pathname}`);
      }),
    });
    const { game_id } = await agentvm.connect({ game_name: "My game" });
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
    const { worker_id: workerId } = await agentvm.workers.join({ name: "desk-1", agent_types: ["aider"] });
    backend.clock.advance(1_000);
    asked.length = 0;
    stage = { agentvm, agentId: agent.id, taskId: task.id, gameId: game_id, workerId };
  });
  afterEach(async () => {
    await stage.agentvm.close();
    backend.close();
  });

  it.each(ROUTE_NAMES)("%s", async (name) => {
    const route: Route = routes[name];
    await methods[name](stage);
    const path = new RegExp(`^${route.method} ${route.path.replace(/\{\w+\}/g, "[^/]+")}$`);
    expect(asked.some((one) => path.test(one))).toBe(true);
  });

  it("every page of a list", async () => {
    const { agentvm } = stage;
    for (let index = 0; index < 5; index += 1) await agentvm.agents.create("custom");
    const first = await agentvm.agents.list({ limit: 2 });
    expect(first).toHaveLength(2);
    expect(first.nextCursor).toEqual(expect.stringMatching(/./));
    const second = await agentvm.agents.list({ limit: 2, cursor: first.nextCursor ?? "" });
    const ids: string[] = [];
    for await (const { id } of agentvm.agents.list({ limit: 2 })) ids.push(id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids.slice(0, 4));
    expect((await agentvm.agents.list()).nextCursor).toBeNull();
  });

  it("the way from a task to its end", async () => {
    const result = await inTime(backend.clock, stage.agentvm.tasks.handle(stage.taskId).result(), 500);
    expect(result.output).toMatch(/\S/);
  });
});
