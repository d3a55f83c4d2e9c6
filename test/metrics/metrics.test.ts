import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import type { AgentVMError, AgentVMOptions, AnalyticsEvent, Fetch } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import { settle } from "../stream/client/support/virtual-clock.js";

beforeAll(loadLateCode);

describe("the metrics of a client", () => {
  let backend: MockBackend;
  let agentvm: AgentVM;
  /** What the server answers in the place of the backend; null lets the backend answer. */
  let before: (path: string) => Response | null;
  const errors: AgentVMError[] = [];

  beforeEach(() => {
    backend = createMockBackend({ seed: 1, clock: "manual" });
    before = () => null;
    errors.length = 0;
  });
  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  async function start(options: AgentVMOptions = {}): Promise<void> {
    const fetch: Fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      return before(new URL(url).pathname) ?? (await backend.fetch(input, init));
    };
    const connection = backend.connection();
    agentvm = new AgentVM({ ...connection, fetch, clock: backend.clock, ...options });
    agentvm.on("error", (error) => errors.push(error));
    await agentvm.connect({ game_name: "My game" });
  }

  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 250) {
      backend.clock.advance(250);
      for (let turn = 0; turn < 5; turn += 1) await settle();
    }
  }

  const reported = async () => (await new AgentVM(backend.connection()).system.analytics()).events;

  it("tell how often each call was made, how long it took, how often it was tried again and how it failed", async () => {
    await start();
    const metrics = await agentvm.metrics();
    await agentvm.agents.types();
    await expect(agentvm.agents.get("agent_none")).rejects.toThrow();
    let failures = 1;
    before = () => (failures-- > 0 ? new Response("", { status: 503 }) : null);
    const listing = agentvm.agents.types();
    await pass(2_000);
    await listing;
    expect(metrics.read().calls).toMatchObject([
      { call: "GET /agents/{agent_id}", count: 1, errors: 1, retries: 0 },
      { call: "GET /agents/types", count: 2, errors: 0, retries: 1 },
    ]);
    expect(metrics.read().calls[1]?.p99_ms).toBeGreaterThan(50);
  });

  it("tell how tasks ended by their kind and by the type of agent, also of agents that were there before", async () => {
    await start();
    const old = await agentvm.agents.create("claude");
    const metrics = await agentvm.metrics();
    const young = await agentvm.agents.create("aider");
    await agentvm.tasks.assign({ agent_id: old.id, prompt: "Explain", task_type: "explanation" });
    await agentvm.tasks.assign({ agent_id: young.id, prompt: "Fix", task_type: "debugging" });
    const { id } = await agentvm.tasks.assign({
      agent_id: young.id,
      prompt: "Rename",
      task_type: "refactoring",
    });
    await pass(500);
    await agentvm.tasks.cancel(id);
    await pass(180_000);
    const { tasks } = metrics.read();
    const of = (kind: string) => tasks.find(({ task_type }) => task_type === kind);
    expect(of("refactoring")).toMatchObject({ agent_type: "aider", cancelled: 1, mean_seconds: 0 });
    for (const [kind, type] of [
      ["explanation", "claude"],
      ["debugging", "aider"],
    ] as const) {
      const row = of(kind);
      expect(row?.agent_type).toBe(type);
      expect((row?.completed ?? 0) + (row?.failed ?? 0)).toBe(1);
      expect(row?.mean_seconds).toBeGreaterThan(0);
    }
  });

  it("tell which agents players turn to, and send each event on", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    const metrics = await agentvm.metrics();
    const seen: AnalyticsEvent[] = [];
    const undo = metrics.on("interaction", (event) => seen.push(event));
    metrics.on("task", (event) => seen.push(event));
    metrics.interaction(id);
    metrics.interaction(id, "talk");
    undo();
    metrics.interaction(id);
    expect(metrics.read().interactions).toEqual([{ agent_id: id, agent_type: "aider", count: 3 }]);
    expect(seen).toMatchObject([
      { type: "interaction", agent_id: id, kind: "click" },
      { type: "interaction", agent_id: id, kind: "talk" },
    ]);
    expect(() => metrics.interaction(id, "two words")).toThrow(/no agent and kind/);
  });

  it("tell how often the stream was lost and came back, and what waits", async () => {
    const sockets: WebSocket[] = [];
    class Kept extends backend.WebSocket {
      constructor(...given: ConstructorParameters<typeof backend.WebSocket>) {
        super(...given);
        sockets.push(this);
      }
    }
    await start({ WebSocket: Kept });
    const metrics = await agentvm.metrics();
    sockets[0]?.close();
    await pass(20_000);
    expect(agentvm.state.status).toBe("live");
    expect(metrics.read()).toMatchObject({
      connections: { losses: 1, reconnects: 1 },
      queues: { events: 0, commands: 0, moves: 0, reports: 0 },
    });
  });

  it("are reported to the server now and then, where that is wanted", async () => {
    await start();
    const metrics = await agentvm.metrics({ report: true, reportEveryMs: 10_000 });
    metrics.interaction("agent_1");
    metrics.interaction("agent_1");
    expect(metrics.read().queues.reports).toBe(2);
    await pass(9_000);
    expect(await reported()).toBe(0);
    await pass(2_000);
    expect(await reported()).toBe(2);
    expect(metrics.read().queues.reports).toBe(0);
    // The report itself is not measured: nothing new waits for the next one.
    await pass(30_000);
    expect(await reported()).toBe(2);
  });

  it("are reported when the client is closed", async () => {
    await start();
    const metrics = await agentvm.metrics({ report: true });
    metrics.interaction("agent_1");
    await agentvm.close();
    expect(await reported()).toBe(1);
  });

  it("wait for the next report when one fails, and are dropped past their limit", async () => {
    await start({ retries: 0 });
    const metrics = await agentvm.metrics({ report: true, maxQueued: 3 });
    before = (path) => (path === "/analytics/events" ? new Response("", { status: 500 }) : null);
    metrics.interaction("agent_1");
    await expect(metrics.flush()).rejects.toMatchObject({ status: 500 });
    for (let count = 0; count < 4; count += 1) metrics.interaction("agent_2");
    expect(metrics.read()).toMatchObject({ queues: { reports: 3 }, dropped: 2 });
    before = () => null;
    await metrics.flush();
    expect(await reported()).toBe(3);
    expect(metrics.read().events).toBe(5);
  });

  it("are not reported to a server that takes none, which is asked once", async () => {
    await start({ retries: 0 });
    let asked = 0;
    before = (path) => {
      if (path !== "/analytics/events") return null;
      asked += 1;
      return new Response("", { status: 404 });
    };
    const metrics = await agentvm.metrics({ report: true, reportEveryMs: 1_000 });
    metrics.interaction("agent_1");
    await pass(2_000);
    metrics.interaction("agent_1");
    await pass(5_000);
    expect(asked).toBe(1);
    expect(errors).toMatchObject([{ status: 404 }]);
    expect(metrics.read()).toMatchObject({ events: 2, queues: { reports: 0 } });
  });

  it("are unharmed by a listener that throws", async () => {
    await start();
    const metrics = await agentvm.metrics();
    const heard: string[] = [];
    metrics.on("*", () => {
      throw new Error("mine");
    });
    metrics.on("*", ({ type }) => heard.push(type));
    metrics.interaction("agent_1");
    expect(heard).toEqual(["interaction"]);
    expect(errors).toMatchObject([{ code: "listener_failed" }]);
    expect(metrics.read().events).toBe(1);
  });

  it("end with close, and leave no listener and no timer", async () => {
    await start();
    const before = agentvm.stats();
    const metrics = await agentvm.metrics({ report: true });
    metrics.interaction("agent_1");
    await metrics.close();
    await agentvm.agents.types();
    expect(metrics.read().events).toBe(1);
    expect(agentvm.stats()).toMatchObject({ listeners: before.listeners, pending: before.pending });
  });

  it.each([
    [{ reportEveryMs: 0 }, "reportEveryMs must be milliseconds above 0"],
    [{ maxQueued: 1.5 }, "maxQueued must be a whole number"],
  ])("refuse %j", async (options, said) => {
    await start();
    await expect(agentvm.metrics(options)).rejects.toThrow(said);
  });
});
