import { describe, expect, it } from "vitest";
import {
  createBackendClock,
  KEPT_ANSWERS_MAX,
  RateLimiter,
  TIME_END_MS,
} from "../../mock-server/domain/index.js";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import { rig } from "./support.js";

/** So large that two of them are more than one owner may keep, where a game may hold 40,000 bytes. */
const large = { text: "x".repeat(3_000) };

describe("answers to keyed requests", () => {
  it("are given again for the same key and request", () => {
    const { answers } = rig().engine;
    expect(answers.find("me", "k", "body")).toEqual({ kind: "new" });
    answers.keep("me", "k", "body", { told: "answer" });
    expect(answers.find("me", "k", "body")).toEqual({ kind: "replay", answer: { told: "answer" } });
  });

  it("are a conflict for the same key with another request", () => {
    const { answers } = rig().engine;
    answers.keep("me", "k", "body", {});
    expect(answers.find("me", "k", "other body")).toEqual({ kind: "conflict" });
  });

  it("are each caller's own, however ids and keys are cut", () => {
    const { answers } = rig().engine;
    answers.keep("ab", "c", "body", {});
    expect(answers.find("a", "bc", "body")).toEqual({ kind: "new" });
    expect(answers.find("other", "c", "body")).toEqual({ kind: "new" });
  });

  it("are forgotten after 24 hours, and their bytes given back with the next that is kept", () => {
    const { engine, clock } = rig();
    const { answers } = engine;
    answers.keep("game:red", "k", "body", large);
    clock.advance(24 * 3_600_000 - 1);
    expect(answers.find("game:red", "k", "body").kind).toBe("replay");
    clock.advance(1);
    expect(answers.find("game:red", "k", "body").kind).toBe("new");
    answers.keep("game:blue", "k", "body", {});
    expect(engine.storage.held("red")).toBe(0);
  });

  it("are so many of one owner at the most, the oldest forgotten first", () => {
    const { answers } = rig({ limits: { game_bytes: 1_000_000_000 } }).engine;
    for (let count = 0; count < KEPT_ANSWERS_MAX + 2; count += 1) answers.keep("me", `k${count}`, "body", {});
    expect(answers.find("me", "k1", "body").kind).toBe("new");
    expect(answers.find("me", "k2", "body").kind).toBe("replay");
  });

  it("are so many bytes of one owner at the most, but the newest is kept, however large it is", () => {
    const { answers } = rig({ limits: { game_bytes: 40_000 } }).engine;
    for (let count = 0; count < 3; count += 1) answers.keep("me", `k${count}`, "body", large);
    expect(answers.find("me", "k1", "body").kind).toBe("new");
    expect(answers.find("me", "k2", "body").kind).toBe("replay");
    answers.keep("me", "larger", "body", { text: "x".repeat(20_000) });
    expect(answers.find("me", "k2", "body").kind).toBe("new");
    expect(answers.find("me", "larger", "body").kind).toBe("replay");
  });

  it("are each owner's own: who keeps many loses nobody's but its own", () => {
    const { answers } = rig({ totalBytes: 80_000 }).engine;
    answers.keep("you", "k", "body", large);
    for (let count = 0; count < 50; count += 1) answers.keep("me", `k${count}`, "body", large);
    expect(answers.find("you", "k", "body").kind).toBe("replay");
    expect(answers.find("me", "k40", "body").kind).toBe("new");
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
