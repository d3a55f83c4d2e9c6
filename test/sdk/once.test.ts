import { describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import type { Fetch } from "../../src/index.js";
import { droppingProxy } from "./dropping-proxy.js";
import { hastyClock, inTime, manualClock, rejectionOf } from "./time.js";
import { transports } from "./transports.js";

/** Lets the first requests be answered, and loses the answers. */
function losing(fetch: Fetch, answers: number): Fetch {
  let lost = 0;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (lost >= answers) return response;
    lost += 1;
    throw new TypeError("fetch failed");
  };
}

describe.each(transports)("a POST of an AgentVM %s whose first answer is lost", (_name, make) => {
  it("in the page creates one task", async () => {
    const backend = createMockBackend({ seed: 2 });
    const clock = manualClock();
    const agentvm = make({ ...backend.connection(), clock, fetch: losing(backend.fetch, 2) });
    const task = await inTime(clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    expect((await agentvm.tasks.list()).map(({ id }) => id)).toEqual([task.id]);
    await agentvm.close();
    backend.close();
  });

  it("over a real connection creates one task", async () => {
    await using server = await startMockServer({ port: 0, seed: 2 });
    await using proxy = await droppingProxy(server.url, 1);
    const agentvm = make({ endpoint: proxy.url, apiKey: "development-key", clock: hastyClock() });
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    expect(proxy.dropped()).toBe(1);
    expect((await agentvm.tasks.list()).map(({ id }) => id)).toEqual([task.id]);
    await agentvm.close();
  });

  it("creates one agent, one team and one session", async () => {
    const backend = createMockBackend({ seed: 2 });
    const clock = manualClock();
    const client = (answers: number) =>
      make({ ...backend.connection(), clock, fetch: losing(backend.fetch, answers) });
    await inTime(clock, client(1).agents.create("aider"));
    await inTime(clock, client(1).agents.create("claude"));
    await inTime(clock, client(1).tasks.assignTeam({ prompt: "Add multiplayer", team_size: 2 }));
    await inTime(clock, client(1).connect());
    const agentvm = client(0);
    expect(await agentvm.agents.list()).toHaveLength(2);
    expect(await agentvm.tasks.list()).toHaveLength(2);
    expect(backend.engine.counts().sessions).toBe(1);
    backend.close();
  });

  it("made again by the caller under the same name creates one task", async () => {
    const backend = createMockBackend({ seed: 2 });
    const broken = make({ ...backend.connection(), retries: 0, fetch: losing(backend.fetch, 1) });
    const options = { idempotencyKey: "save-game-7" };
    expect(await rejectionOf(broken.tasks.assign({ prompt: "Fix the jump" }, options))).toMatchObject({
      outcome: "unknown",
    });
    await broken.tasks.assign({ prompt: "Fix the jump" }, options);
    expect(await broken.tasks.list()).toHaveLength(1);
    await broken.close();
    backend.close();
  });

  it("made again under the same name for other work is refused", async () => {
    const backend = createMockBackend({ seed: 2 });
    const agentvm = make({ ...backend.connection() });
    const options = { idempotencyKey: "save-game-7" };
    await agentvm.tasks.assign({ prompt: "Fix the jump" }, options);
    const error = await rejectionOf(agentvm.tasks.assign({ prompt: "Fix the camera" }, options));
    expect(error).toMatchObject({ name: "ConflictError", code: "idempotency_conflict", outcome: "rejected" });
    await agentvm.close();
    backend.close();
  });

  it("of a DELETE removes the agent once, without an error", async () => {
    const backend = createMockBackend({ seed: 2 });
    const clock = manualClock();
    const agent = await make({ ...backend.connection() }).agents.create("aider");
    const agentvm = make({ ...backend.connection(), clock, fetch: losing(backend.fetch, 1) });
    await inTime(clock, agentvm.agents.remove(agent.id));
    expect(await agentvm.agents.list()).toEqual([]);
    await agentvm.close();
    backend.close();
  });
});
