import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { BackendOptions, MockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import { AgentVM } from "../../src/slim.js";
import type { StreamEvent } from "../../src/slim.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function start(options: BackendOptions = {}): MockBackend {
  const backend = createMockBackend({ clock: "manual", seed: 7, ...options });
  open.push(() => backend.close());
  return backend;
}

function client(backend: MockBackend): AgentVM {
  const agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock });
  open.push(() => agentvm.close());
  return agentvm;
}

/** What happens in a life, without the name of its log. */
function story(backend: MockBackend): unknown[] {
  const scope = { kind: "all" } as const;
  backend.engine.agents.create(scope, { agent_type: "aider" });
  const work = { task_type: "debugging", priority: 1, timeout: 600 };
  backend.engine.tasks.assign(scope, { prompt: "Fix the jump", ...work });
  backend.clock.advance(60_000);
  const events = backend.engine.log.after({ kind: "all" }, 0);
  return events === "outrun" ? [] : events.map(({ epoch: _epoch, ...event }) => event);
}

/** Lets time pass, and the event loop have its turns, until something is so: what comes over the page's wire takes some. */
async function until(backend: MockBackend, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !holds(); turn += 1) {
    backend.clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(holds()).toBe(true);
}

async function post(backend: MockBackend, path: string, body: unknown, key?: string) {
  const answer = await backend.fetch(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "X-API-Key": "development-key",
      "Content-Type": "application/json",
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
  });
  return answer.json();
}

describe("a backend that is restarted", () => {
  it("is empty, and with the same seed does the same again under another epoch", () => {
    const backend = start();
    const { epoch } = backend.engine.log;
    const first = story(backend);
    backend.restart();
    expect(backend.engine.agents.list({ kind: "all" }, {}).items).toEqual([]);
    expect(backend.engine.log.epoch).not.toBe(epoch);
    expect(story(backend)).toEqual(first);
    backend.restart({ seed: 8 });
    expect(backend.seed).toBe(8);
    expect(story(backend)).not.toEqual(first);
  });

  it("goes back to the moment of a snapshot, as often as it likes", () => {
    const backend = start();
    story(backend);
    const scope = { kind: "all" } as const;
    backend.engine.tasks.assign(scope, { prompt: "Go on", task_type: "general", priority: 1, timeout: 600 });
    backend.clock.advance(3_000);
    const saved = backend.snapshot();
    const then = backend.clock.now();
    const running = backend.engine.tasks.list(scope, { status: "running" }).items;
    expect(running).toHaveLength(1);
    const epochs = [backend.engine.log.epoch];
    for (let time = 0; time < 2; time += 1) {
      backend.clock.advance(600_000);
      expect(backend.engine.tasks.list(scope, { status: "running" }).items).toEqual([]);
      backend.restart({ snapshot: JSON.parse(JSON.stringify(saved)) });
      expect(backend.clock.now()).toBe(then);
      expect(backend.isRestored).toBe(true);
      expect(backend.engine.tasks.list(scope, { status: "running" }).items).toEqual(running);
      epochs.push(backend.engine.log.epoch);
    }
    expect(new Set(epochs).size).toBe(3);
  });

  it.each<[string, unknown, RegExp]>([
    ["a snapshot of a newer version", { format: "agentvm-snapshot", version: 99 }, /newer/],
    ["what is no snapshot", { hello: "world" }, /not what snapshot\(\) gave/],
    ["a snapshot that lacks its end", { format: "agentvm-snapshot", version: 1, seq: 4 }, /damaged/],
  ])("stays as it is when it is given %s", (_what, snapshot, said) => {
    const backend = start();
    story(backend);
    const before = backend.snapshot();
    const { engine } = backend;
    expect(() => backend.restart({ snapshot })).toThrow(said);
    expect(() => backend.restart({ seed: NaN })).toThrow(RangeError);
    expect(backend.engine).toBe(engine);
    expect(backend.snapshot()).toEqual(before);
  });

  it("forgets the tokens of its sessions when it begins with nothing", async () => {
    const backend = start();
    const { session_token } = await post(backend, "/game/connect", {});
    backend.restart();
    const after = await backend.fetch("/agents", { headers: { Authorization: `Bearer ${session_token}` } });
    expect(after.status).toBe(401);
    expect(await after.json()).toMatchObject({ code: "session_expired" });
  });

  it("knows the tokens of the sessions in a snapshot, which holds none of them", async () => {
    const backend = start();
    const { session_token } = await post(backend, "/game/connect", { game_id: "studio" });
    const saved = JSON.stringify(backend.snapshot());
    expect(saved).not.toContain(session_token);
    const later = await post(backend, "/game/connect", { game_id: "later" });
    const ask = (token: string) =>
      backend.fetch("/agents", { headers: { Authorization: `Bearer ${token}` } });
    backend.restart({ snapshot: JSON.parse(saved) });
    expect((await ask(session_token)).status).toBe(200);
    expect(await (await ask(later.session_token)).json()).toMatchObject({ code: "session_expired" });
    expect((await ask(`${session_token}x`)).status).toBe(401);
  });

  it("gives the first answer again to a call that it answered before the snapshot", async () => {
    const backend = start();
    const task = { prompt: "Fix the jump" };
    const first = await post(backend, "/tasks/assign", task, "assign-1");
    const connected = await post(backend, "/game/connect", { game_id: "studio" }, "connect-1");
    const saved = JSON.stringify(backend.snapshot());
    expect(saved).not.toContain(connected.session_token);
    backend.restart({ snapshot: JSON.parse(saved) });
    expect(await post(backend, "/tasks/assign", task, "assign-1")).toEqual(first);
    expect(backend.engine.counts().pending_tasks + backend.engine.counts().active_tasks).toBe(1);

    const again = await post(backend, "/game/connect", { game_id: "studio" }, "connect-1");
    const { session_token, ...rest } = again;
    expect({ ...rest, session_token: connected.session_token }).toEqual(connected);
    expect(backend.engine.counts().sessions).toBe(1);
    for (const token of [session_token, connected.session_token]) {
      const headers = { Authorization: `Bearer ${token}` };
      expect((await backend.fetch("/agents", { headers })).status).toBe(200);
    }
  });

  it("goes on with what clients have reported", async () => {
    const backend = start();
    const at = "2026-01-01T00:00:00.000Z";
    const call = { type: "call", at, call: "GET /agents", retries: 0, error: null };
    const events = [0, 3, 250].map((duration_ms) => ({ ...call, duration_ms }));
    await post(backend, "/analytics/events", { events });
    const ask = async () => {
      const answer = await backend.fetch("/analytics/summary", {
        headers: { "X-API-Key": "development-key" },
      });
      return answer.json();
    };
    const before = await ask();
    backend.restart({ snapshot: JSON.parse(JSON.stringify(backend.snapshot())) });
    expect(await ask()).toEqual(before);
    await post(backend, "/analytics/events", { events });
    expect(await ask()).toMatchObject({ summary: { events: 6, calls: [{ count: 6 }] } });
  });

  it("gets its game's client back by itself, which tells a gap and knows the agents of then", async () => {
    const backend = start();
    const agentvm = client(backend);
    await agentvm.connect({ game_id: "studio" });
    const agents = agentvm.agents.live();
    await agentvm.agents.create({ agent_type: "aider", name: "Ada" });
    const saved = backend.snapshot();
    await agentvm.agents.create({ agent_type: "claude", name: "Cleo" });
    await until(backend, () => agents.size === 2);

    const told: StreamEvent[] = [];
    agentvm.on("*", (event) => told.push(event));
    backend.restart({ snapshot: saved });
    await until(backend, () => agentvm.state.status === "waiting");
    await until(backend, () => agents.size === 1 && agentvm.state.status === "live");
    expect(told.map(({ type }) => type)).toContain("gap");
    expect([...agents].map(({ name }) => name)).toEqual(["Ada"]);
    await agentvm.agents.create({ agent_type: "claude", name: "Cora" });
    await until(backend, () => agents.size === 2);
  });

  it("goes on behind its port", async () => {
    const server = await startMockServer({ port: 0, seed: 7 });
    open.push(() => server.close());
    const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
    open.push(() => agentvm.close());
    await agentvm.connect({ game_id: "studio" });
    await agentvm.agents.create("aider");
    const lost = new Promise((resolve) => {
      agentvm.on("connection", ({ current }) => current.status === "waiting" && resolve(current));
    });
    const gap = new Promise((resolve) => agentvm.once("gap", resolve));
    server.backend.restart();
    expect(await lost).toMatchObject({ closeCode: 1012 });
    expect(await gap).toMatchObject({ reason: "epoch_changed", agents: [] });
    expect(await agentvm.agents.list()).toHaveLength(0);
  });

  it("does nothing once it is closed", () => {
    const backend = start();
    const { engine } = backend;
    backend.close();
    backend.restart();
    expect(backend.engine).toBe(engine);
  });
});
