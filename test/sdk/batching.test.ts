import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import type { AgentVMOptions, Fetch } from "../../src/index.js";
import { isAgentVMError } from "../../src/index.js";
import { urlOf } from "./scripted-fetch.js";
import { transports } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

/** What a server answers before the backend is asked; null to let the backend answer. */
type Before = (url: string, init: RequestInit | undefined) => Response | Promise<Response> | null;

describe.each(transports)("calls of one tick, of an AgentVM %s", (_name, make) => {
  let backend: MockBackend;
  let agentvm: AnyAgentVM;
  let seen: string[];
  let before: Before;

  function start(options: AgentVMOptions = {}): void {
    const fetch: Fetch = async (input, init) => {
      seen.push(`${init?.method ?? "GET"} ${new URL(urlOf(input)).pathname}`);
      return (await before(urlOf(input), init)) ?? (await backend.fetch(input, init));
    };
    agentvm = make({ ...backend.connection(), fetch, retries: 0, ...options });
  }

  /** Makes calls together once, so that the code that lets them share a request is there. */
  async function warm(): Promise<void> {
    await import("../../src/lazy/batching.js");
    await Promise.all([agentvm.agents.types(), agentvm.agents.types()]);
    await new Promise<void>((resolve) => setImmediate(resolve));
    seen.length = 0;
  }

  beforeEach(() => {
    seen = [];
    before = () => null;
    backend = createMockBackend({ seed: 1, limits: { max_agents: 200, rate_limit_per_minute: 100_000 } });
  });
  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  it("share a request, and each gets its own answer", async () => {
    start();
    await warm();
    const [aider, claude, types] = await Promise.all([
      agentvm.agents.create({ agent_type: "aider", name: "Ada" }),
      agentvm.agents.create("claude"),
      agentvm.agents.types(),
    ]);
    expect(seen).toEqual(["POST /batch"]);
    expect([aider.name, claude.type, types.length]).toEqual(["Ada", "claude", 4]);
  });

  it("that are alone go by themselves", async () => {
    start();
    await warm();
    await agentvm.agents.types();
    expect(seen).toEqual(["GET /agents/types"]);
  });

  it("share none where that is switched off", async () => {
    start({ batching: false });
    await warm();
    await Promise.all([agentvm.agents.types(), agentvm.agents.types()]);
    expect(seen).toEqual(["GET /agents/types", "GET /agents/types"]);
  });

  it("share none with what needs a request of its own: lists, streams, open calls, sessions, headers", async () => {
    start();
    await warm();
    await Promise.all([
      agentvm.agents.list(),
      agentvm.tasks.list(),
      agentvm.system.health(),
      agentvm.game.connect({ game_id: "game_1" }),
      agentvm.agents.types({ headers: { "x-trace": "1" } }),
    ]);
    expect(seen).not.toContain("POST /batch");
  });

  it("fail each for itself, with the error that the call alone would give", async () => {
    start();
    await warm();
    const agent = await agentvm.agents.create("aider");
    seen.length = 0;
    const [good, missing, full] = await Promise.allSettled([
      agentvm.agents.get(agent.id),
      agentvm.agents.get("agent_none"),
      agentvm.agents.create("wizard"),
    ]);
    expect(seen).toEqual(["POST /batch"]);
    expect(good).toMatchObject({ status: "fulfilled", value: { id: agent.id } });
    expect(missing).toMatchObject({
      reason: { name: "NotFoundError", code: "agent_not_found", status: 404 },
    });
    expect(full).toMatchObject({
      reason: { name: "InvalidRequestError", code: "invalid_request", status: 422 },
    });
    expect(await agentvm.agents.get("agent_none").catch((error: unknown) => error)).toMatchObject({
      message: missing.status === "rejected" ? missing.reason.message : "",
    });
  });

  it("that are cancelled hold up no other, and a batch that nobody waits for is given up", async () => {
    start();
    await warm();
    const stop = new AbortController();
    let given: AbortSignal | null | undefined;
    before = (_url, init) => {
      given = init?.signal;
      return null;
    };
    const cancelled = agentvm.agents.types({ signal: stop.signal });
    const kept = agentvm.agents.types();
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ name: "CancelledError" });
    expect(await kept).toHaveLength(4);

    before = (_url, init) => {
      given = init?.signal;
      return new Promise(() => undefined);
    };
    const all = new AbortController();
    const both = [agentvm.agents.types({ signal: all.signal }), agentvm.agents.types({ signal: all.signal })];
    await new Promise<void>((resolve) => setImmediate(resolve));
    all.abort();
    await Promise.allSettled(both);
    expect(given?.aborted).toBe(true);
  });

  it("have each its own time", async () => {
    start();
    await warm();
    before = () => new Promise(() => undefined);
    const [fast, slow] = await Promise.allSettled([
      agentvm.agents.types({ timeoutMs: 5 }),
      agentvm.agents.types({ timeoutMs: 20 }),
    ]);
    expect(fast).toMatchObject({
      reason: { name: "TimeoutError", message: expect.stringContaining("5 ms") },
    });
    expect(slow).toMatchObject({
      reason: { name: "TimeoutError", message: expect.stringContaining("20 ms") },
    });
  });

  it("are made again each by its own rules, and are done once", async () => {
    start({ retries: 2 });
    await warm();
    let drops = 2;
    before = (url, init) => {
      if (!url.endsWith("/batch") || drops === 0) return null;
      drops -= 1;
      // The work is done, and its answer is lost.
      return backend.fetch(url, init).then(() => {
        throw new TypeError("connection reset");
      });
    };
    const agents = await Promise.all(
      ["Ada", "Bob", "Cyd"].map((name) => agentvm.agents.create({ agent_type: "aider", name })),
    );
    expect(agents.map(({ name }) => name)).toEqual(["Ada", "Bob", "Cyd"]);
    before = () => null;
    expect(await agentvm.agents.list()).toHaveLength(3);
  });

  it.each([
    ["404 of another server", () => new Response('{"detail":"Not Found"}', { status: 404 })],
    ["405", () => new Response('{"detail":"Method Not Allowed"}', { status: 405 })],
    ["422 of another server's batches", () => new Response('{"detail":[]}', { status: 422 })],
  ])("go one by one once a server has no batches: %s", async (_what, answer) => {
    start();
    await warm();
    before = (url) => (url.endsWith("/batch") ? answer() : null);
    expect(await Promise.all([agentvm.agents.types(), agentvm.agents.types()])).toHaveLength(2);
    expect(seen).toEqual(["POST /batch", "GET /agents/types", "GET /agents/types"]);
    seen.length = 0;
    await Promise.all([agentvm.agents.types(), agentvm.agents.types()]);
    expect(seen).toEqual(["GET /agents/types", "GET /agents/types"]);
  });

  it.each([
    ["a web page", "<!doctype html>"],
    ["another list", '{"success":true,"responses":[]}'],
  ])("are all in doubt where a batch is answered with %s", async (_what, text) => {
    start();
    await warm();
    before = (url) => (url.endsWith("/batch") ? new Response(text) : null);
    const [one, two] = await Promise.allSettled([agentvm.agents.types(), agentvm.agents.types()]);
    for (const call of [one, two])
      expect(call).toMatchObject({ reason: { name: "NetworkError", outcome: "unknown" } });
  });

  it("are refused each with what the batch is refused with", async () => {
    start({ apiKey: "wrong" });
    const warmed = await Promise.allSettled([agentvm.agents.types(), agentvm.agents.types()]);
    expect(warmed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await new Promise<void>((resolve) => setImmediate(resolve));
    for (const call of await Promise.allSettled([agentvm.agents.types(), agentvm.agents.types()]))
      expect(call).toMatchObject({ reason: { name: "PermissionError", code: "forbidden" } });
  });

  it("are parted where they are more than a batch may hold", async () => {
    start();
    await warm();
    const agents = await Promise.all(Array.from({ length: 150 }, () => agentvm.agents.create("aider")));
    expect(new Set(agents.map(({ id }) => id)).size).toBe(150);
    expect(seen).toEqual(["POST /batch", "POST /batch"]);
    seen.length = 0;
    const metadata = { note: "x".repeat(16_000) };
    await Promise.all(
      Array.from({ length: 40 }, () => agentvm.agents.create({ agent_type: "aider", metadata })),
    );
    expect(seen).toEqual(["POST /batch", "POST /batch", "POST /batch"]);
  });

  it("come to the same as one by one, whatever they are", async () => {
    start();
    await warm();
    await agentvm.agents.create("aider");
    const call = fc.oneof(
      fc
        .constantFrom("aider", "claude", "wizard", "")
        .map((type) => (client: AnyAgentVM) => client.agents.create(type)),
      fc.constantFrom("agent_1", "agent_none").map((id) => (client: AnyAgentVM) => client.agents.get(id)),
      fc
        .string()
        .map((prompt) => (client: AnyAgentVM) => client.tasks.assign({ prompt }).then(({ id }) => typeof id)),
    );
    const outcomes = async (
      options: AgentVMOptions,
      calls: readonly ((client: AnyAgentVM) => Promise<unknown>)[],
    ) => {
      const server = createMockBackend({ seed: 1, clock: "manual", limits: { max_agents: 5 } });
      const fetch: Fetch = (input, init) => server.fetch(input, init);
      const client = make({ ...server.connection(), fetch, retries: 0, clock: server.clock, ...options });
      await Promise.allSettled([client.agents.types(), client.agents.types()]);
      const settled = await Promise.allSettled(calls.map((one) => one(client)));
      await client.close();
      server.close();
      return settled.map((one) =>
        one.status === "fulfilled"
          ? one.value
          : isAgentVMError(one.reason) && [one.reason.code, one.reason.detail],
      );
    };
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
        expect(await outcomes({}, calls)).toEqual(await outcomes({ batching: false }, calls));
      }),
      { numRuns: 30 },
    );
  });
});
