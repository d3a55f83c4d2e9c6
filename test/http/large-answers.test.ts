import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AnalyticsSums } from "../../src/contract/index.js";
import type { AnalyticsEvent } from "../../src/contract/index.js";
import { CALLS_MAX } from "../../mock-server/console/controls/call-log.js";
import { CallJournal } from "../../mock-server/testing/journal/call-journal.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";

const all = { kind: "all" } as const;

let backend: MockBackend;
beforeEach(() => {
  const limits = { rate_limit_per_minute: 1_000_000, game_bytes: 100_000_000 };
  backend = createMockBackend({ seed: 1, clock: "manual", limits });
});
afterEach(() => backend.close());

async function post(path: string, body: unknown): Promise<string> {
  const response = await backend.fetch(`${backend.connection().endpoint}${path}`, {
    method: "POST",
    headers: { "X-API-Key": "development-key", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.text();
}

describe("what one call answers", () => {
  it("is bounded for a batch of lists: what was not read is to be asked for again, and what changes something is done", async () => {
    const body = { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 };
    const metadata = { note: "x".repeat(16_000) };
    for (let count = 0; count < 400; count += 1) backend.engine.tasks.assign(all, { ...body, metadata });
    const list = (id: number) => ({ id: `list_${id}`, method: "GET", path: "/tasks?limit=500" });
    const create = { id: "create", method: "POST", path: "/agents/create", body: { agent_type: "aider" } };
    const requests = [...Array.from({ length: 50 }, (_, id) => list(id)), create];
    const text = await post("/batch", { requests });
    expect(text.length).toBeLessThan(14_000_000);
    const { responses } = JSON.parse(text);
    expect(responses[0].status).toBe(200);
    expect(responses.at(-2)).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    expect(responses.at(-1).status).toBe(200);
  });

  it("is short where everything is wrong, and says no name at length", async () => {
    const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, at) => [`field_${at}`, 0]));
    expect((await post("/agents/create", many)).length).toBeLessThan(20_000);
    expect((await post("/agents/create", { ["x".repeat(500_000)]: 0 })).length).toBeLessThan(2_000);
  });
});

describe("what is kept of calls", () => {
  it("is short for the console, however long an error was", () => {
    const log = new CallJournal(() => 0);
    const call = {
      via: "request",
      route: null,
      params: { agent_id: "x".repeat(10_000) },
      status: 422,
      ms: 1,
      request_id: "r",
      caller: "key:1",
      error: "x".repeat(1_000_000),
    } as const;
    for (let count = 0; count < CALLS_MAX; count += 1) log.add(call);
    expect(JSON.stringify(log.after(0, CALLS_MAX)).length).toBeLessThan(CALLS_MAX * 5_000);
  });

  it("takes as little for durations of all sizes as for one", () => {
    const sums = new AnalyticsSums();
    const call = (duration_ms: number): AnalyticsEvent => ({
      type: "call",
      at: "2026-01-01T00:00:00.000Z",
      call: "GET /agents",
      duration_ms,
      retries: 0,
      error: null,
    });
    for (const duration of [Number.MAX_VALUE, Number.MAX_VALUE, Number.MIN_VALUE, 1, 1, 1])
      sums.add(call(duration));
    const [row] = sums.read().calls;
    expect(row).toMatchObject({ count: 6, p50_ms: 1 });
    expect(Number.isFinite(row?.mean_ms)).toBe(true);
  });
});
