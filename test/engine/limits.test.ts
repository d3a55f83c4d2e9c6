import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/contract/index.js";
import {
  createBackendClock,
  IdempotencyRecords,
  RateLimiter,
  TIME_END_MS,
} from "../../mock-server/engine/index.js";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import type { IdempotencyBounds } from "../../mock-server/engine/index.js";

const kept = (
  bounds: Partial<IdempotencyBounds> = {},
  clock: Clock = createBackendClock("manual"),
  count?: (owner: string, bytes: number) => void,
) => new IdempotencyRecords<string>(clock, { ownBytes: 1_000, allBytes: 10_000, ...bounds }, count);

describe("idempotency records", () => {
  it("give the first answer again for the same key and request", () => {
    const records = kept();
    expect(records.find("me", "k", "body")).toEqual({ kind: "new" });
    records.keep("me", "k", "body", "answer", 10);
    expect(records.find("me", "k", "body")).toEqual({ kind: "replay", answer: "answer" });
  });

  it("call the same key with another request a conflict", () => {
    const records = kept();
    records.keep("me", "k", "body", "answer", 10);
    expect(records.find("me", "k", "other body")).toEqual({ kind: "conflict" });
  });

  it("are each caller's own, however ids and keys are cut", () => {
    const records = kept();
    records.keep("ab", "c", "body", "answer", 10);
    expect(records.find("a", "bc", "body")).toEqual({ kind: "new" });
    expect(records.find("other", "c", "body")).toEqual({ kind: "new" });
  });

  it("are forgotten after 24 hours", () => {
    const clock = createBackendClock("manual");
    const records = kept({}, clock);
    records.keep("me", "k", "body", "answer", 10);
    clock.advance(24 * 3_600_000 - 1);
    expect(records.find("me", "k", "body").kind).toBe("replay");
    clock.advance(1);
    expect(records.find("me", "k", "body").kind).toBe("new");
    expect(records.size).toBe(0);
  });

  it("are so many of one owner at the most, the oldest forgotten first", () => {
    const records = kept({ records: 3 });
    for (let count = 0; count < 5; count += 1) records.keep("me", `k${count}`, "body", `${count}`, 10);
    expect(records.size).toBe(3);
    expect(records.find("me", "k1", "body").kind).toBe("new");
    expect(records.find("me", "k2", "body").kind).toBe("replay");
  });

  it("are so many bytes of one owner at the most, but the newest is kept, however large it is", () => {
    const records = kept({ ownBytes: 100 });
    for (let count = 0; count < 5; count += 1) records.keep("me", `k${count}`, "body", "answer", 40);
    expect(records.size).toBe(2);
    records.keep("me", "large", "body", "answer", 1_000);
    expect(records.size).toBe(1);
    expect(records.find("me", "large", "body").kind).toBe("replay");
  });

  it("are each owner's own: who keeps many loses nobody's but its own", () => {
    const records = kept({ records: 10, ownBytes: 1_000, allBytes: 1_000 });
    records.keep("you", "k", "body", "answer", 300);
    for (let count = 0; count < 50; count += 1) records.keep("me", `k${count}`, "body", "answer", 90);
    expect(records.find("you", "k", "body").kind).toBe("replay");
    expect(records.size).toBeLessThan(10);
  });

  it("are told of as they come and go, so that they can be counted", () => {
    const bytes = new Map<string, number>();
    const clock = createBackendClock("manual");
    const records = kept({ ownBytes: 100 }, clock, (owner, more) =>
      bytes.set(owner, (bytes.get(owner) ?? 0) + more),
    );
    for (let count = 0; count < 9; count += 1) records.keep("me", `k${count}`, "body", "answer", 40);
    records.keep("you", "k", "body", "answer", 7);
    expect([...bytes]).toEqual([
      ["me", 80],
      ["you", 7],
    ]);
    clock.advance(24 * 3_600_000);
    records.find("them", "k", "body");
    expect([...bytes.values()]).toEqual([0, 0]);
    expect(records.size).toBe(0);
  });
});

describe("the rate limit", () => {
  it("lets a minute's worth through at once, then says how long to wait", () => {
    const limiter = new RateLimiter(createBackendClock("manual"), 60);
    const verdicts = Array.from({ length: 61 }, () => limiter.take("me"));
    expect(verdicts.filter(({ retryAfterSeconds }) => retryAfterSeconds === null)).toHaveLength(60);
    expect(verdicts[0]).toEqual({ limit: 60, remaining: 59, resetSeconds: 1, retryAfterSeconds: null });
    expect(verdicts[60]).toEqual({ limit: 60, remaining: 0, resetSeconds: 60, retryAfterSeconds: 1 });
  });

  it("lets one through again after the time that it said", () => {
    const clock = createBackendClock("manual");
    const limiter = new RateLimiter(clock, 6);
    for (let count = 0; count < 6; count += 1) limiter.take("me");
    const { retryAfterSeconds } = limiter.take("me");
    expect(retryAfterSeconds).toBe(10);
    clock.advance(9_999);
    expect(limiter.take("me").retryAfterSeconds).toBe(1);
    clock.advance(1);
    expect(limiter.take("me").retryAfterSeconds).toBeNull();
  });

  it("counts each key for itself", () => {
    const limiter = new RateLimiter(createBackendClock("manual"), 1);
    expect(limiter.take("me").retryAfterSeconds).toBeNull();
    expect(limiter.take("you").retryAfterSeconds).toBeNull();
    expect(limiter.take("me").retryAfterSeconds).toBe(60);
  });

  it("counts many at once, all or none", () => {
    const limiter = new RateLimiter(createBackendClock("manual"), 10);
    expect(limiter.take("me", 8)).toMatchObject({ remaining: 2, retryAfterSeconds: null });
    expect(limiter.take("me", 8)).toMatchObject({ remaining: 2, retryAfterSeconds: 36 });
  });

  it("counts what a call cost though it is more than there was, and has that waited for", () => {
    const clock = createBackendClock("manual");
    const limiter = new RateLimiter(clock, 60);
    expect(limiter.charge("me", 70)).toEqual({
      limit: 60,
      remaining: 0,
      resetSeconds: 70,
      retryAfterSeconds: null,
    });
    expect(limiter.take("me")).toMatchObject({ remaining: 0, retryAfterSeconds: 11 });
    clock.advance(11_000);
    expect(limiter.take("me")).toMatchObject({ remaining: 0, retryAfterSeconds: null });
  });

  it("has nobody wait for more than two minutes, whatever the calls cost", () => {
    const limiter = new RateLimiter(createBackendClock("manual"), 60);
    for (let count = 0; count < 100; count += 1) limiter.charge("me", 50);
    expect(limiter.take("me")).toMatchObject({ resetSeconds: 120, retryAfterSeconds: 61 });
  });

  it("forgets who has waited long enough, and never counts more than so many", () => {
    const clock = createBackendClock("manual");
    const limiter = new RateLimiter(clock, 60, 100);
    for (let count = 0; count < 500; count += 1) limiter.take(`key${count}`);
    expect(limiter.size).toBe(100);
    clock.advance(2_000);
    limiter.take("me");
    expect(limiter.size).toBe(1);
  });
});

describe("the limits that a server is configured with", () => {
  it.each([
    ["session_ttl_seconds", 1e13],
    ["completed_task_ttl_seconds", Number.MAX_SAFE_INTEGER],
    ["event_buffer", 1e9],
    ["min_idle_agents", 1e9],
  ])("are refused where %s is more than a server can keep to", (name, value) => {
    expect(() => createMockBackend({ limits: { [name]: value } })).toThrow(
      new RegExp(`limits\\.${name} must be at most \\d+`),
    );
  });

  it("keep time in bounds at the most that they can be", async () => {
    const seconds = 1_000_000_000;
    const limits = { session_ttl_seconds: seconds, completed_task_ttl_seconds: seconds };
    const backend = createMockBackend({ seed: 7, clock: "manual", limits });
    backend.clock.advance(TIME_END_MS - backend.clock.now());
    const agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, events: false });
    await expect(agentvm.connect()).resolves.toMatchObject({ expires_at: "9931-09-10T01:46:40.000Z" });
    await agentvm.close();
    backend.close();
  });
});
