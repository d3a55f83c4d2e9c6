import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import type { Limits } from "../../src/contract/index.js";
import { AgentVM } from "../../src/slim.js";
import type { AgentPool, AgentVMError, PoolOptions } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import { cuedWork } from "../work/cued-work.js";
import { settle } from "../stream/client/support/virtual-clock.js";

beforeAll(loadLateCode);

describe("a pool of agents", () => {
  let backend: MockBackend;
  let agentvm: AgentVM;
  const errors: AgentVMError[] = [];

  async function start(options: PoolOptions, limits: Partial<Limits> = {}): Promise<AgentPool> {
    backend = createMockBackend({
      seed: 1,
      clock: "manual",
      limits: { max_agents: 100, ...limits },
      parts: { work: cuedWork },
    });
    agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, retries: 0 });
    errors.length = 0;
    agentvm.on("error", (error) => errors.push(error));
    await agentvm.connect({ game_name: "My game" });
    return agentvm.pool(options);
  }

  const turns = async (count = 20): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await settle();
  };

  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 500) {
      backend.clock.advance(Math.min(500, ms - gone));
      await turns(5);
    }
  }

  /** Lets time go on until the promise has settled. */
  async function untilDone<T>(promise: Promise<T>): Promise<T> {
    let ends = 0;
    const mark = (): void => void (ends += 1);
    promise.then(mark, mark);
    for (let tries = 0; ends === 0 && tries < 5_000; tries += 1) await pass(500);
    expect(ends).toBe(1);
    return promise;
  }

  const agentsThere = async (): Promise<string[]> => (await agentvm.agents.list()).map(({ id }) => id);

  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  it("has its agents ready when it is given", async () => {
    const pool = await start({ type: "aider", min: 3, max: 5 });
    expect(pool.stats).toEqual({ idle: 3, busy: 0, creating: 0, waiting: 0, created: 3, lost: 0 });
    expect(await agentsThere()).toHaveLength(3);
  });

  it("does many tasks with few agents", async () => {
    const pool = await start({ type: "claude", max: 3 });
    const results = await untilDone(Promise.all(Array.from({ length: 30 }, (_, n) => pool.run(`Task ${n}`))));
    expect(results).toHaveLength(30);
    expect(results.filter(({ success }) => success).length).toBeGreaterThan(15);
    expect(pool.stats).toMatchObject({ created: 3, idle: 3, busy: 0, waiting: 0 });
    expect(errors).toEqual([]);
  });

  it("has an agent that waits for the player for busy, until it was answered", async () => {
    const pool = await start({ type: "aider", min: 1, max: 1 });
    const result = pool.run({ prompt: "Fix the jump", task_type: "asking" });
    await pass(500);
    expect(pool.stats).toMatchObject({ idle: 0, busy: 1 });
    const [task] = await agentvm.tasks.list();
    expect((await agentvm.agents.list()).map(({ state }) => state)).toEqual(["waiting"]);
    await agentvm.tasks.answer(task?.id ?? "", { choice: "red" });
    expect((await untilDone(result)).output).toBe("red by player\n");
    expect(pool.stats).toMatchObject({ idle: 1, busy: 0, lost: 0 });
  });

  it("serves those who wait in the order in which they came", async () => {
    const pool = await start({ type: "aider", max: 1 });
    const order: number[] = [];
    const first = await pool.acquire();
    const others = [1, 2, 3].map(async (number) => {
      const worker = await pool.acquire();
      order.push(number);
      worker.release();
    });
    await turns();
    expect(pool.stats.waiting).toBe(3);
    first.release();
    await Promise.all(others);
    expect(order).toEqual([1, 2, 3]);
  });

  it("refuses one more than may wait, and forgets who does not wait any longer", async () => {
    const pool = await start({ type: "aider", max: 1, maxWaiting: 1 });
    await pool.acquire();
    const controller = new AbortController();
    const second = pool.acquire({ signal: controller.signal });
    await expect(pool.acquire()).rejects.toMatchObject({
      name: "ConflictError",
      code: "pool_full",
      retryable: true,
      outcome: "not_sent",
    });
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: "CancelledError" });
    expect(pool.stats.waiting).toBe(0);
    const third = pool.acquire();
    third.catch(() => undefined);
    await turns();
    expect(pool.stats.waiting).toBe(1);
  });

  it("counts nobody as waiting for whom an agent is being created", async () => {
    const pool = await start({ type: "aider", max: 3, maxWaiting: 0 });
    const three = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    expect(new Set(three.map(({ id }) => id)).size).toBe(3);
    await expect(pool.acquire()).rejects.toMatchObject({ code: "pool_full" });
  });

  it("lets agents go that nobody used for a while, down to those that are kept ready", async () => {
    const pool = await start({ type: "aider", min: 1, max: 4, idleTimeoutMs: 10_000 });
    const workers = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const worker of workers) worker.release();
    await pass(9_000);
    expect(pool.stats.idle).toBe(3);
    await pass(2_000);
    await turns();
    expect(pool.stats).toMatchObject({ idle: 1, lost: 0 });
    expect(await agentsThere()).toHaveLength(1);
    await pass(60_000);
    expect(pool.stats.idle).toBe(1);
  });

  it("replaces an agent that was removed", async () => {
    const pool = await start({ type: "aider", min: 2, max: 2 });
    const [gone] = await agentsThere();
    await agentvm.agents.remove(String(gone));
    await turns();
    expect(pool.stats).toMatchObject({ idle: 2, created: 3, lost: 1 });
    expect(await agentsThere()).not.toContain(gone);
  });

  it("hands out no agent that shows an error", async () => {
    const pool = await start({ type: "aider", min: 1, max: 2 });
    const [first] = await agentsThere();
    const worker = await pool.acquire();
    expect(worker.id).toBe(first);
    let shown = "";
    agentvm.on("agent.state_changed", ({ data }) => (shown = data.state));
    for (let tries = 0; shown !== "error" && tries < 50; tries += 1) {
      const run = worker.run("Fix the jump");
      for (let waits = 0; shown !== "error" && waits < 60; waits += 1) {
        await pass(500);
        if (shown === "idle" && waits > 5) break;
      }
      run.catch(() => undefined);
    }
    expect(shown).toBe("error");
    worker.release();
    expect((await pool.acquire()).id).not.toBe(first);
  });

  it("gives a task to another agent when the first turns out to be gone", async () => {
    backend = createMockBackend({ seed: 1, clock: "manual" });
    agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, retries: 0, events: false });
    await agentvm.connect();
    const pool = await agentvm.pool({ type: "aider", min: 1, max: 1 });
    await agentvm.agents.remove(String((await agentsThere())[0]));
    const result = await untilDone(pool.run("Fix the jump"));
    expect(result.output).toContain("Fix the jump");
    expect(pool.stats).toMatchObject({ lost: 1, created: 2, idle: 1 });
  });

  it("goes on with the agents that it has where the server allows no more", async () => {
    const pool = await start({ type: "aider", max: 5 }, { max_agents: 2 });
    const results = await untilDone(Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(`Task ${n}`))));
    expect(results).toHaveLength(5);
    expect(pool.stats.created).toBe(2);
    expect(errors).toEqual([]);
  });

  it("tells those who wait why no agent can be created, when it has none at all", async () => {
    const pool = await start({ type: "aider", max: 2 }, { max_agents: 1 });
    const other = await agentvm.agents.create("claude");
    await expect(pool.acquire()).rejects.toMatchObject({ code: "agent_limit_reached" });
    await agentvm.agents.remove(other.id);
    const worker = await untilDone(pool.acquire());
    expect(worker.agent.type).toBe("aider");
  });

  it("rejects, and leaves no agent behind, when those to keep ready cannot all be created", async () => {
    await expect(start({ type: "aider", min: 3, max: 3 }, { max_agents: 2 })).rejects.toMatchObject({
      code: "agent_limit_reached",
    });
    await turns();
    expect(await agentsThere()).toEqual([]);
  });

  it("cancels the task of a caller who does not wait any longer, and has the agent back", async () => {
    const pool = await start({ type: "aider", max: 1 });
    const controller = new AbortController();
    const run = pool.run("Fix the jump", { signal: controller.signal });
    run.catch(() => undefined);
    await pass(500);
    controller.abort();
    await expect(run).rejects.toMatchObject({ name: "CancelledError" });
    const [task] = await agentvm.tasks.list();
    expect(task?.status).toBe("cancelled");
    expect(pool.stats).toMatchObject({ idle: 1, busy: 0 });
  });

  it("does nothing with an agent that was given back", async () => {
    const pool = await start({ type: "aider", max: 1 });
    const worker = await pool.acquire();
    worker.release();
    worker.release();
    expect(pool.stats).toMatchObject({ idle: 1, busy: 0 });
    await expect(worker.run("Fix the jump")).rejects.toMatchObject({ code: "released" });
  });

  it("is closed when the last agent was given back, and refuses who comes later", async () => {
    const pool = await start({ type: "aider", min: 2, max: 2 });
    const worker = await pool.acquire();
    const [other, waiting] = [pool.acquire(), pool.acquire()];
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ name: "ClosedError" });
    await expect(pool.acquire()).rejects.toMatchObject({ name: "ClosedError" });
    worker.release();
    (await other).release();
    await closing;
    await turns();
    expect(await agentsThere()).toEqual([]);
  });

  it("removes its agents when the client is closed", async () => {
    const pool = await start({ type: "aider", min: 2, max: 2 });
    await pool.acquire();
    const waiting = pool.acquire().then(() => pool.acquire());
    waiting.catch(() => undefined);
    await turns();
    const watcher = new AgentVM({ ...backend.connection(), clock: backend.clock });
    await agentvm.close();
    await expect(waiting).rejects.toMatchObject({ name: "ClosedError" });
    expect(await watcher.agents.list()).toEqual([]);
    await watcher.close();
  });

  it.each([
    [{ type: "aider", min: 5, max: 2 }, "min is 5, above max"],
    [{ type: "aider", max: 0 }, "max must be a whole number from 1 up"],
    [{ type: "aider", idleTimeoutMs: NaN }, "idleTimeoutMs must be a number of milliseconds"],
    [{ type: "aider", maxWaiting: -1 }, "maxWaiting must be a whole number"],
  ])("refuses %j", async (options, said) => {
    await expect(start(options)).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining(said) as string,
    });
  });
});
