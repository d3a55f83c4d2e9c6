import { afterEach, describe, expect, it, vi } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { BackendOptions, MockBackend } from "../../mock-server/index.js";

const open: MockBackend[] = [];
const start = (options: BackendOptions = {}) => {
  const backend = createMockBackend({ clock: "manual", seed: 1, ...options });
  open.push(backend);
  return backend;
};
const key = { "X-API-Key": "development-key" };
const post = (backend: MockBackend, path: string, body: unknown, headers: Record<string, string> = key) =>
  backend.fetch(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });

afterEach(() => {
  for (const backend of open.splice(0)) backend.close();
  vi.useRealTimers();
});

describe("options that are wrong", () => {
  it.each<[string, unknown, RegExp]>([
    ["an unknown name", { apikeys: ["k"] }, /no option 'apikeys'\. The options are seed, apiKeys,/],
    ["a seed in words", { seed: "seven" }, /'seed' must be a finite number/],
    ["a seed that is no number", { seed: NaN }, /'seed' must be a finite number/],
    ["limits in a list", { limits: [] }, /'limits' must be an object with/],
    ["an unknown limit", { limits: { max_agent: 1 } }, /'limits' must be an object with some of max_agents,/],
    ["a limit of nothing", { limits: { max_agents: 0 } }, /limits\.max_agents must be at least 1/],
    ["an unknown clock", { clock: "fast" }, /'clock' must be real, manual or \{ speed/],
    ["a clock that runs back", { clock: { speed: -1 } }, /'clock' must be/],
    ["a clock without a speed", { clock: {} }, /'clock' must be/],
    ["no keys", { apiKeys: [] }, /apiKeys is empty/],
    ["one key in place of a list", { apiKeys: "k" }, /'apiKeys' must be a list of texts, or/],
    ["a blank key", { apiKeys: ["good", " "] }, /apiKeys\[1\] must be/],
    ["a key twice", { apiKeys: ["same", "same"] }, /names a key twice/],
    ["an origin that is none", { corsOrigins: ["example.com"] }, /'corsOrigins' must be a list of origins/],
    ["a listener that is none", { onError: "log" }, /'onError' must be a function/],
    ["no types", { agentTypes: [] }, /agentTypes/],
    ["a type that is none", { agentTypes: [{ type: "wizard" }] }, /A type of agent is not valid/],
  ])("are told: %s", (_name, options, message) => {
    expect(() => Reflect.apply(createMockBackend, undefined, [options])).toThrow(message);
  });

  it("do not show the key that is wrong", () => {
    expect(() => createMockBackend({ apiKeys: ["the secret key"] })).not.toThrow(/the secret key/);
  });

  it("refuse a snapshot of a newer version", () => {
    const snapshot = { ...start().snapshot(), version: 99 };
    expect(() => start({ snapshot })).toThrow(/newer/);
  });
});

describe("a backend in the page", () => {
  it("gives what an AgentVM needs to use it", () => {
    const backend = start({ apiKeys: ["one", "two"] });
    expect(backend.connection()).toEqual({
      endpoint: "http://agentvm.localhost",
      apiKey: "one",
      fetch: backend.fetch,
      WebSocket: backend.WebSocket,
    });
  });

  it("does the engine's work as its clock goes", async () => {
    const backend = start();
    await post(backend, "/agents/create", { agent_type: "aider" });
    await post(backend, "/tasks/assign", { prompt: "Fix the jump" });
    const before = backend.engine.log.seq;
    backend.clock.advance(3_600_000);
    expect(backend.engine.log.seq).toBeGreaterThan(before);
  });

  it("works by itself on the machine's clock", async () => {
    vi.useFakeTimers();
    const backend = start({ clock: "real" });
    await post(backend, "/agents/create", { agent_type: "aider" });
    await post(backend, "/tasks/assign", { prompt: "Fix the jump" });
    const before = backend.engine.log.seq;
    vi.advanceTimersByTime(600_000);
    expect(backend.engine.log.seq).toBeGreaterThan(before);
  });

  it("goes on from a snapshot, which holds no key and no token", async () => {
    const first = start();
    const { agent_id } = await (await post(first, "/agents/create", { agent_type: "aider" })).json();
    const { session_token } = await (await post(first, "/game/connect", {})).json();
    const text = JSON.stringify(first.snapshot());
    expect(text).not.toContain(session_token);
    expect(text).not.toContain("development-key");
    const second = start({ snapshot: JSON.parse(text) });
    expect((await second.fetch(`/agents/${agent_id}`, { headers: key })).status).toBe(200);
    const known = await second.fetch("/agents", { headers: { Authorization: `Bearer ${session_token}` } });
    expect(known.status).toBe(200);
  });

  it("gives tokens that differ whatever the seed", async () => {
    const [one, other] = [start(), start()];
    const token = async (backend: MockBackend) =>
      (await (await post(backend, "/game/connect", {})).json()).session_token;
    const made = [await token(one), await token(other), await token(one)];
    expect(new Set(made).size).toBe(3);
    for (const each of made) expect(each).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("begins differently each time when it was given no seed, and says where it began", () => {
    const [one, other] = [createMockBackend({ clock: "manual" }), createMockBackend({ clock: "manual" })];
    open.push(one, other);
    expect(one.engine.log.epoch).not.toBe(other.engine.log.epoch);
    expect(start({ seed: one.seed }).engine.log.epoch).toBe(one.engine.log.epoch);
  });
});

describe("after close()", () => {
  it("fetch fails as a dead network does", async () => {
    const backend = start();
    backend.close();
    await expect(backend.fetch("/health")).rejects.toThrow(TypeError);
    expect(backend.closed).toBe(true);
  });

  it("no timer is left", async () => {
    vi.useFakeTimers();
    const backend = start({ clock: "real" });
    await post(backend, "/agents/create", { agent_type: "aider" });
    await post(backend, "/tasks/assign", { prompt: "Fix the jump" });
    await post(backend, "/game/connect", {});
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    backend.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("streams break off, as connections of a dead server do", async () => {
    const backend = start();
    const { task_id } = await (await post(backend, "/tasks/assign", { prompt: "Fix the jump" })).json();
    const reading = (await backend.fetch(`/tasks/${task_id}/output`, { headers: key })).text();
    backend.close();
    await expect(reading).rejects.toThrow("The server went away");
  });

  it("closing again does nothing, and so does disposing", async () => {
    const backend = start();
    backend.close();
    backend.close();
    await backend[Symbol.asyncDispose]();
    expect(backend.closed).toBe(true);
  });
});

describe("a fault inside", () => {
  it("is told to onError with the request's id, and to the caller without a word of it", async () => {
    const onError = vi.fn();
    const fault = new Error("a secret of the inside");
    const tokens = () => {
      throw fault;
    };
    const backend = start({ onError, parts: { tokens } });
    const response = await post(backend, "/game/connect", {}, { ...key, "X-Request-Id": "abc" });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault, "abc");
  });
});
