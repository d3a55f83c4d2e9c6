import { describe, expect, it } from "vitest";
import { AuthenticationError, CancelledError } from "../../src/index.js";
import { agentAnswer, failure, hang, json, scriptedFetch } from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf } from "./time.js";
import { transports } from "./transports.js";

const health = {
  status: "healthy",
  service: "agentvm",
  version: "0.1.0",
  timestamp: "2026-01-01T00:00:00.000Z",
};

const onlyFor =
  (token: string): Act =>
  (request, signal) =>
    request.headers.get("authorization") === `Bearer ${token}`
      ? json(agentAnswer)(request, signal)
      : failure("session_expired", 401)(request, signal);

describe.each(transports)("an AgentVM %s", (_name, make) => {
  it("sends its key", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ fetch, apiKey: "key-1" }).agents.get("agent_1");
    expect(seen[0]?.headers.get("x-api-key")).toBe("key-1");
    expect(seen[0]?.headers.has("authorization")).toBe(false);
  });

  it("sends its token", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ fetch, sessionToken: "token-1" }).agents.get("agent_1");
    expect(seen[0]?.headers.get("authorization")).toBe("Bearer token-1");
    expect(seen[0]?.headers.has("x-api-key")).toBe(false);
  });

  it("sends its key to no call that is open to all", async () => {
    const { fetch, seen } = scriptedFetch(json(health));
    await make({ fetch, apiKey: "key-1" }).system.health();
    expect(seen[0]?.headers.has("x-api-key")).toBe(false);
  });

  it("puts neither into an address", async () => {
    const { fetch, seen } = scriptedFetch(json([]));
    await make({ fetch, apiKey: "key-1" }).agents.list({ limit: 3 });
    expect(seen[0]?.url).not.toContain("key-1");
  });

  it("asks for a token once, however many calls need it", async () => {
    let asked = 0;
    const { fetch } = scriptedFetch(onlyFor("token-1"));
    const agentvm = make({ fetch, getToken: async () => `token-${(asked += 1)}` });
    await Promise.all([agentvm.agents.get("agent_1"), agentvm.agents.get("agent_1")]);
    await agentvm.agents.get("agent_1");
    expect(asked).toBe(1);
  });

  it("takes a token that is given at once", async () => {
    const { fetch } = scriptedFetch(onlyFor("token-1"));
    await expect(make({ fetch, getToken: () => "token-1" }).agents.get("agent_1")).resolves.toBeDefined();
  });

  it("asks for one fresh token when the server takes the old one no longer", async () => {
    let asked = 0;
    const { fetch, seen } = scriptedFetch(onlyFor("token-2"));
    const agentvm = make({ fetch, retries: 0, getToken: () => `token-${(asked += 1)}` });
    await agentvm.agents.get("agent_1");
    expect(asked).toBe(2);
    expect(seen).toHaveLength(2);
  });

  it("asks for one fresh token for all calls that were refused together", async () => {
    let asked = 0;
    const { fetch } = scriptedFetch(onlyFor("token-2"));
    const agentvm = make({ fetch, getToken: async () => `token-${(asked += 1)}` });
    await Promise.all([1, 2, 3, 4].map(() => agentvm.agents.get("agent_1")));
    expect(asked).toBe(2);
  });

  it("asks no third time when the fresh token is refused too", async () => {
    let asked = 0;
    const { fetch, seen } = scriptedFetch(failure("session_expired", 401));
    const agentvm = make({ fetch, getToken: () => `token-${(asked += 1)}` });
    expect(await rejectionOf(agentvm.agents.get("agent_1"))).toBeInstanceOf(AuthenticationError);
    expect(asked).toBe(2);
    expect(seen).toHaveLength(2);
  });

  it("does not send a refused key again", async () => {
    const { fetch, seen } = scriptedFetch(failure("unauthorized", 401));
    const error = await rejectionOf(make({ fetch, apiKey: "key-1" }).agents.get("agent_1"));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["a line break", "token\r\nx-evil: 1"],
    ["nothing", ""],
  ])("sends no token that is %s", async (_what, token) => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    const error = await rejectionOf(make({ fetch, getToken: () => token }).agents.get("agent_1"));
    expect(error).toMatchObject({ name: "AuthenticationError", code: "bad_token", outcome: "not_sent" });
    expect(seen).toHaveLength(0);
  });

  it("says that getToken failed, and nothing of what it threw", async () => {
    const { fetch } = scriptedFetch(json(agentAnswer));
    const getToken = (): never => {
      throw new RangeError("refresh-token-123 was refused");
    };
    const error = await rejectionOf(make({ fetch, getToken }).agents.get("agent_1"));
    expect(error).toMatchObject({ name: "AuthenticationError", code: "no_token", outcome: "not_sent" });
    expect((error as Error).message).toContain("RangeError");
    expect((error as Error).message).not.toContain("refresh-token-123");
  });

  it("asks for a token again after getToken has failed", async () => {
    let asked = 0;
    const { fetch } = scriptedFetch(onlyFor("token-2"));
    const getToken = (): string => {
      asked += 1;
      if (asked === 1) throw new Error("not now");
      return `token-${asked}`;
    };
    const agentvm = make({ fetch, getToken });
    await rejectionOf(agentvm.agents.get("agent_1"));
    await expect(agentvm.agents.get("agent_1")).resolves.toBeDefined();
  });

  it("waits for a token no longer than an attempt may take", async () => {
    const clock = manualClock();
    const { fetch } = scriptedFetch(json(agentAnswer));
    const agentvm = make({ fetch, clock, retries: 0, getToken: () => new Promise(() => undefined) });
    expect(await inTime(clock, rejectionOf(agentvm.agents.get("agent_1")), 5_000)).toMatchObject({
      code: "timeout",
    });
  });

  it("stops waiting for a token when it is told to", async () => {
    const controller = new AbortController();
    const { fetch } = scriptedFetch(hang);
    const agentvm = make({ fetch, getToken: () => new Promise(() => undefined) });
    const call = rejectionOf(agentvm.agents.get("agent_1", { signal: controller.signal }));
    controller.abort();
    expect(await call).toBeInstanceOf(CancelledError);
  });

  it("says that a heartbeat needs a session, when it only has a key", async () => {
    const { fetch, seen } = scriptedFetch(json({}));
    const error = await rejectionOf(make({ fetch, apiKey: "key-1" }).game.heartbeat());
    expect(error).toMatchObject({ name: "AuthenticationError", code: "no_session", outcome: "not_sent" });
    expect(seen).toHaveLength(0);
  });
});
