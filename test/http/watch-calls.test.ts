import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { AnsweredCall, BackendOptions, MockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function watched(options: BackendOptions = {}): {
  backend: MockBackend;
  calls: AnsweredCall[];
  undo: () => void;
} {
  const backend = createMockBackend({ clock: "manual", seed: 7, apiKeys: ["the-secret-key"], ...options });
  open.push(() => backend.close());
  const calls: AnsweredCall[] = [];
  const undo = backend.watchCalls((call) => calls.push(call));
  return { backend, calls, undo };
}

const key = { "X-API-Key": "the-secret-key", "X-Request-Id": "mine" };

describe("who watches a backend", () => {
  it("sees a call with its route, path, status, time, request id and caller", async () => {
    const { backend, calls } = watched();
    await backend.fetch("/agents/agent_1", { headers: key });
    expect(calls).toEqual([
      {
        via: "request",
        route: "agentGet",
        params: { agent_id: "agent_1" },
        status: 404,
        ms: 0,
        request_id: "mine",
        caller: "key:1",
        error: expect.stringContaining('"code":"agent_not_found"'),
      },
    ]);
  });

  it("sees calls that the contract does not have, and those of nobody", async () => {
    const { backend, calls } = watched();
    await backend.fetch("/agnts", { headers: key });
    await backend.fetch("/agents");
    expect(calls.map(({ route, status, caller }) => [route, status, caller])).toEqual([
      [null, 404, "key:1"],
      ["agentList", 401, "anonymous"],
    ]);
  });

  it("sees commands on the event stream, those that fail too", async () => {
    const { backend, calls } = watched();
    const agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock });
    open.push(() => agentvm.close());
    await agentvm.connect({ game_id: "studio" });
    const agent = await agentvm.agents.create("aider");
    await agentvm.agents.move(agent.id, { x: 1, y: 0, z: 1 }, {});
    await expect(agentvm.agents.move("agent_9", { x: 1, y: 0, z: 1 }, {})).rejects.toThrow();
    const moves = calls.filter(({ via }) => via === "stream");
    expect(moves).toMatchObject([
      { route: "agentMove", params: { agent_id: agent.id }, status: 200, error: null, request_id: null },
      { route: "agentMove", status: 404, error: expect.stringContaining("agent_not_found") },
    ]);
    expect(moves[0]?.caller).toMatch(/^session:/);
  });

  it("sees no key and no token", async () => {
    const { backend, calls } = watched();
    const agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock });
    open.push(() => agentvm.close());
    const { session_token } = await agentvm.game.connect();
    await agentvm.agents.list();
    await backend.fetch("/agents", { headers: { "X-API-Key": "the-wrong-key" } });
    const text = JSON.stringify(calls);
    expect(calls.length).toBeGreaterThan(2);
    for (const secret of ["the-secret-key", session_token, "the-wrong-key"])
      expect(text).not.toContain(secret);
  });

  it("hurts nobody by throwing, and hears nothing after its undo, through a restart", async () => {
    const told: unknown[] = [];
    const { backend, calls, undo } = watched({ onError: (error) => told.push(error) });
    const broken = backend.watchCalls(() => {
      throw new Error("broken");
    });
    backend.restart();
    expect((await backend.fetch("/agents", { headers: key })).status).toBe(200);
    expect(calls).toHaveLength(1);
    expect(told).toHaveLength(1);
    broken();
    undo();
    await backend.fetch("/agents", { headers: key });
    expect(calls).toHaveLength(1);
  });
});
