import { describe, expect, it } from "vitest";
import {
  ConflictError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "../../src/index.js";
import {
  agentAnswer,
  cut,
  failure,
  hang,
  json,
  refused,
  scriptedFetch,
  someAgent,
} from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { transports } from "./transports.js";

const created = json({ success: true, agent_id: "agent_1", agent: someAgent, message: "" });

describe.each(transports)("an AgentVM %s", (_name, make) => {
  const client = (acts: readonly Act[], options = {}) => {
    const clock = manualClock();
    const script = scriptedFetch(...acts);
    return { clock, ...script, agentvm: make({ fetch: script.fetch, clock, random: () => 0.5, ...options }) };
  };

  const passing: [what: string, act: Act][] = [
    ["a refused connection", refused],
    ["a lost connection", cut],
    ["429", failure("rate_limited", 429)],
    ["500", failure("internal", 500)],
    ["502", json({}, 502)],
    ["503", failure("unavailable", 503)],
    ["504", json({}, 504)],
  ];
  it.each(passing)("tries again after %s", async (_what, act) => {
    const { agentvm, clock, seen } = client([act, json(agentAnswer)]);
    await inTime(clock, agentvm.agents.get("agent_1"));
    expect(seen).toHaveLength(2);
  });

  it.each([
    [400, "malformed_json"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "agent_not_found"],
    [409, "agent_limit_reached"],
    [409, "not_enough_idle_agents"],
    [409, "storage_full"],
    [413, "payload_too_large"],
    [422, "invalid_request"],
    [501, "not_implemented"],
  ])("tries %i %s once", async (status, code) => {
    const { agentvm, clock, seen } = client([failure(code, status)]);
    await inTime(clock, rejectionOf(agentvm.agents.create("aider")));
    expect(seen).toHaveLength(1);
  });

  it("tries again after an attempt that took too long", async () => {
    const { agentvm, clock, seen } = client([hang, json(agentAnswer)]);
    await inTime(clock, agentvm.agents.get("agent_1"), 1_000);
    expect(seen).toHaveLength(2);
  });

  it("gives up after as many retries as it was given, with the last error", async () => {
    const { agentvm, clock, seen } = client([cut, cut, failure("unavailable", 503)], { retries: 2 });
    const error = await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")));
    expect(error).toBeInstanceOf(ServerError);
    expect(seen).toHaveLength(3);
  });

  it("tries once when it was given no retries", async () => {
    const { agentvm, clock, seen } = client([cut], { retries: 0 });
    await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")));
    expect(seen).toHaveLength(1);
  });

  it("names the work of a POST once, for all of its tries", async () => {
    const { agentvm, clock, seen } = client([cut, cut, created]);
    await inTime(clock, agentvm.agents.create("aider"));
    const keys = seen.map(({ headers }) => headers.get("idempotency-key"));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{20,64}$/);
  });

  it("names the work of two POSTs differently", async () => {
    const { agentvm, seen } = client([created], { random: undefined });
    await agentvm.agents.create("aider");
    await agentvm.agents.create("aider");
    const keys = seen.map(({ headers }) => headers.get("idempotency-key"));
    expect(new Set(keys).size).toBe(2);
  });

  it("uses the caller's name for the work of a POST", async () => {
    const { agentvm, seen } = client([created]);
    await agentvm.agents.create("aider", { idempotencyKey: "my-key_1" });
    expect(seen[0]?.headers.get("idempotency-key")).toBe("my-key_1");
  });

  it("names no work that is safe to repeat anyway", async () => {
    const { agentvm, seen } = client([json(agentAnswer)]);
    await agentvm.agents.get("agent_1");
    expect(seen[0]?.headers.has("idempotency-key")).toBe(false);
  });

  describe("waits between its tries", () => {
    const waits = async (random: number, act: Act, retries: number): Promise<number[]> => {
      const times: number[] = [];
      const clock = manualClock();
      const { fetch } = scriptedFetch((request, signal) => {
        times.push(clock.now());
        return act(request, signal);
      });
      const agentvm = make({ fetch, clock, retries, random: () => random });
      await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")), 1);
      return times.slice(1).map((time, index) => time - (times[index] ?? 0));
    };

    it("up to twice as long each time", async () => {
      expect(await waits(0.999_999, cut, 3)).toEqual([250, 500, 1_000]);
    });

    it("for a share of it that chance decides, from the first retry on", async () => {
      expect(await waits(0.2, cut, 3)).toEqual([50, 100, 200]);
    });

    it("not at all when chance says so", async () => {
      for (const wait of await waits(0, cut, 3)) expect(wait).toBeLessThanOrEqual(1);
    });

    it("as many seconds as the server asks", async () => {
      expect(await waits(0.5, failure("rate_limited", 429, { "retry-after": "3" }), 2)).toEqual([
        3_000, 3_000,
      ]);
    });

    const dated = (ms: number, server?: number) => ({
      "retry-after": new Date(manualClock().now() + ms).toUTCString(),
      ...(server === undefined ? {} : { date: new Date(manualClock().now() + server).toUTCString() }),
    });

    it.each([
      ["until the date that the server gives", dated(4_000), 4_000],
      ["until that date as the server counts, an hour ahead of here", dated(3_603_000, 3_600_000), 3_000],
      ["until that date as the server counts, an hour behind", dated(-3_597_000, -3_600_000), 3_000],
      ["not at all for a date that is over for the server", dated(3_596_000, 3_600_000), 0],
      [
        "as it would otherwise for a date that is over here, where the server's own is not known",
        dated(-4_000),
        125,
      ],
      ["as it would otherwise where the server's own date is none", { ...dated(-4_000), date: "soon" }, 125],
    ])("%s", async (_what, headers, ms) => {
      const [wait = NaN] = await waits(0.5, failure("unavailable", 503, headers), 1);
      expect(Math.abs(wait - ms)).toBeLessThanOrEqual(1);
    });

    it.each(["soon", "-5", "1e9", "0x10", "Jan 2030", "Wed, 99 Foo 2030 99:99:99 GMT", ""])(
      "as it would without what the server says, if that is nonsense like %j",
      async (nonsense) => {
        expect(await waits(0.2, failure("unavailable", 503, { "retry-after": nonsense }), 1)).toEqual([50]);
      },
    );
  });

  it("does not wait for longer than the whole call may take", async () => {
    const { agentvm, clock, seen } = client([failure("rate_limited", 429, { "retry-after": "3600" })]);
    const before = clock.now();
    const error = await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(seen).toHaveLength(1);
    expect(clock.now()).toBe(before);
  });

  it.each([
    ["more seconds than there are in a day", "9".repeat(400)],
    ["a date in another age", "Fri, 31 Dec 9999 23:59:59 GMT"],
  ])("tells of a day at the most when the server asks for %s", async (_what, after) => {
    const { agentvm, clock } = client([failure("rate_limited", 429, { "retry-after": after })]);
    const error = await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")));
    expect(error).toMatchObject({ retryAfterMs: 86_400_000 });
  });

  it("ends the last attempt when the whole call's time is over", async () => {
    const { agentvm, clock } = client([hang], { timeoutMs: 30_000, totalTimeoutMs: 40_000 });
    const before = clock.now();
    const error = await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")), 50);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "total_timeout", outcome: "unknown" });
    expect(clock.now() - before).toBe(40_000);
  });

  it("takes time limits for one call", async () => {
    const { agentvm, clock } = client([hang]);
    const before = clock.now();
    const call = agentvm.agents.get("agent_1", { timeoutMs: 100, totalTimeoutMs: 150 });
    await inTime(clock, rejectionOf(call), 10);
    expect(clock.now() - before).toBeLessThanOrEqual(150);
  });

  it("takes an agent for removed that is gone at the second try", async () => {
    const { agentvm, clock, seen } = client([cut, failure("agent_not_found", 404)]);
    await inTime(clock, agentvm.agents.remove("agent_1"));
    expect(seen.map(({ method }) => method)).toEqual(["DELETE", "DELETE"]);
  });

  it("does not take an agent for removed that was never there", async () => {
    const { agentvm, clock } = client([refused, failure("agent_not_found", 404)]);
    expect(await inTime(clock, rejectionOf(agentvm.agents.remove("agent_1")))).toBeInstanceOf(NotFoundError);
  });

  describe("tells what became of the work", () => {
    const outcomeOf = async (...acts: Act[]): Promise<unknown> => {
      const { agentvm, clock } = client(acts);
      return inTime(clock, rejectionOf(agentvm.agents.create("aider")));
    };

    it("nothing, when no try got through", async () => {
      expect(await outcomeOf(refused, refused, refused)).toMatchObject({ outcome: "not_sent" });
    });

    it("nobody knows, when an early try may have got through", async () => {
      const error = await outcomeOf(cut, refused, refused);
      expect(error).toBeInstanceOf(NetworkError);
      expect(error).toMatchObject({ outcome: "unknown" });
    });

    it("nobody knows, when a later try is refused for another reason", async () => {
      const error = await outcomeOf(cut, failure("agent_limit_reached", 409));
      expect(error).toBeInstanceOf(ConflictError);
      expect(error).toMatchObject({ outcome: "unknown" });
    });

    it("refused, when the server said so", async () => {
      expect(await outcomeOf(refused, failure("agent_limit_reached", 409))).toMatchObject({
        outcome: "rejected",
      });
    });
  });

  it("calls an error retryable that a wait may mend, though it does not wait itself", async () => {
    for (const code of ["not_enough_idle_agents", "storage_full"]) {
      const { agentvm } = client([failure(code, 409)]);
      const error = await rejectionOf(agentvm.tasks.assignTeam({ prompt: "Add multiplayer", team_size: 3 }));
      expect(error).toMatchObject({ name: "ConflictError", code, retryable: true });
    }
  });

  it("leaves no timer behind", async () => {
    const pending = new Set<object>();
    const inner = manualClock();
    const clock = {
      now: () => inner.now(),
      setTimeout: (callback: () => void, ms: number) => {
        const timer = {};
        pending.add(timer);
        const cancel = inner.setTimeout(() => {
          pending.delete(timer);
          callback();
        }, ms);
        return () => {
          pending.delete(timer);
          cancel();
        };
      },
    };
    const { fetch } = scriptedFetch(cut, hang, json(agentAnswer));
    const call = make({ fetch, clock, random: () => 0.5 }).agents.get("agent_1");
    await inTime(inner, call, 1_000);
    await settle();
    expect(pending.size).toBe(0);
  });
});
