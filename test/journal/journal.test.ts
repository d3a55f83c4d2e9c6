import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/testing.js";
import type { JournalFilter, TestBackend } from "../../mock-server/testing.js";
import { AgentVM } from "../../src/slim.js";
import { rigs } from "../faults/hosts.js";
import type { Rig } from "../faults/hosts.js";
import { inTime, settle } from "../sdk/time.js";

let open: { close(): unknown } | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

function start(): { readonly backend: TestBackend; readonly agentvm: AgentVM } {
  const backend = createMockBackend({ seed: 7, clock: "manual" });
  open = backend;
  return {
    backend,
    agentvm: new AgentVM({ ...backend.connection(), clock: backend.clock, batching: false }),
  };
}

describe.each(rigs)("the journal %s", (_name, startRig) => {
  it("holds the calls and what they were answered, without a key or a token", async () => {
    const rig: Rig = await startRig();
    open = rig;
    const agentvm = rig.client({ events: false });
    await inTime(rig.backend.clock, agentvm.connect({ game_name: "Journal" }));
    await inTime(rig.backend.clock, agentvm.agents.create({ agent_type: "aider", name: "Ada" }));
    const [made] = rig.backend.journal.find({ route: "agentCreate" });
    expect(made).toMatchObject({
      via: "request",
      status: 200,
      request: { agent_type: "aider", name: "Ada" },
      answer: { success: true, agent: { name: "Ada" } },
      shortened: false,
      fault: null,
      error: null,
    });
    const text = JSON.stringify(rig.backend.journal.find());
    expect(text).toContain('"session_token":"[redacted]"');
    expect(text).not.toContain("development-key");
  });
});

describe("the journal", () => {
  it("finds by what is asked for, and refuses a filter that is wrong with its field named", async () => {
    const { backend, agentvm } = start();
    const { id } = await inTime(backend.clock, agentvm.agents.create("aider"));
    await inTime(backend.clock, agentvm.agents.get(id));
    await inTime(
      backend.clock,
      agentvm.agents.get("nobody").catch(() => undefined),
    );
    const numbers = (filter: JournalFilter): number[] =>
      backend.journal.find(filter).map(({ number }) => number);
    expect(numbers({})).toEqual([1, 2, 3]);
    expect(numbers({ route: ["agentGet"] })).toEqual([2, 3]);
    expect(numbers({ route: "agentGet", status: 404 })).toEqual([3]);
    expect(numbers({ params: { agent_id: id } })).toEqual([2]);
    expect(numbers({ after: 1, where: ({ error }) => error === null })).toEqual([2]);
    expect(numbers({ caller: "key:1", via: "request" })).toEqual([1, 2, 3]);
    const wrong = (filter: unknown) => () => backend.journal.find(filter as JournalFilter);
    expect(wrong({ route: "agentGte" })).toThrow(/'route' must be the name of a call/);
    expect(wrong({ rout: "agentGet" })).toThrow(/no field 'rout'/);
    expect(wrong({ status: "404" })).toThrow(/'status' must be a whole number/);
    expect(wrong(null)).toThrow(TypeError);
  });

  it("waits for a call that comes, and gives one that is there already", async () => {
    const { backend, agentvm } = start();
    const waiting = backend.journal.waitFor({ route: "taskAssign" });
    await inTime(backend.clock, agentvm.agents.create("aider"));
    await inTime(backend.clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    expect((await waiting).request).toMatchObject({ prompt: "Fix the jump" });
    expect((await backend.journal.waitFor({ route: "agentCreate" })).number).toBe(1);
  });

  it("stops waiting by its signal, and when the backend is closed", async () => {
    const { backend } = start();
    const stop = new AbortController();
    const stopped = backend.journal.waitFor({ route: "taskAssign" }, { signal: stop.signal });
    const left = backend.journal.waitFor({ route: "taskAssign" });
    const [first, second] = [stopped, left].map((one) => one.catch((error: unknown) => error));
    stop.abort(new Error("enough"));
    expect(await first).toMatchObject({ message: "enough" });
    await expect(backend.journal.waitFor({}, { signal: stop.signal })).rejects.toThrow("enough");
    await settle();
    backend.close();
    expect(await second).toMatchObject({ message: /closed before/ });
  });

  it("has commands of the stream with what they said", async () => {
    const { backend, agentvm } = start();
    await inTime(backend.clock, agentvm.connect({ game_name: "Journal" }));
    while (agentvm.state.status !== "live") await settle(1);
    await inTime(backend.clock, agentvm.agents.create("aider"));
    await inTime(backend.clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    const [assigned] = backend.journal.find({ route: "taskAssign" });
    expect(assigned).toMatchObject({
      via: "stream",
      request: { prompt: "Fix the jump" },
      answer: { success: true },
    });
    await agentvm.close();
  });

  it("tells which fault broke a call, whether its work was done or not", async () => {
    const { backend } = start();
    const agentvm = new AgentVM({
      ...backend.connection(),
      clock: backend.clock,
      retries: 0,
      batching: false,
    });
    backend.faults.add({ route: "agentCreate", answer: "reset_peer", times: 1 });
    backend.faults.add({ route: "agentCreate", answer: "reset_peer", after: true, times: 1 });
    for (let count = 0; count < 3; count += 1) {
      await inTime(backend.clock, agentvm.agents.create("aider")).catch(() => undefined);
    }
    expect(backend.journal.find().map(({ status, fault }) => [status, fault])).toEqual([
      [0, "fault_1"],
      [200, "fault_2"],
      [200, null],
    ]);
    expect(backend.journal.find({ fault: "fault_2" })).toHaveLength(1);
  });

  it("keeps no secret that a caller writes into what it sends", async () => {
    const { backend, agentvm } = start();
    const metadata = {
      api_key: "k-1",
      nested: { password: ["p-1"] },
      token_count: 7,
      note: "Bearer abc.def-1",
    };
    await inTime(backend.clock, agentvm.agents.create("aider"));
    await inTime(backend.clock, agentvm.tasks.assign({ prompt: "Use development-key for it", metadata }));
    const text = JSON.stringify(backend.journal.find({ route: "taskAssign" }));
    expect(text).not.toMatch(/k-1|p-1|abc\.def|development-key/);
    expect(text).toContain('"token_count":7');
  });

  it("is bounded in calls and in bytes, and its numbers go on", async () => {
    const { backend, agentvm } = start();
    await inTime(backend.clock, agentvm.agents.create("aider"));
    for (let count = 0; count < 400; count += 1) {
      const prompt = "x".repeat(9_000);
      await agentvm.tasks.assign({ prompt }).catch(() => undefined);
    }
    const first = backend.journal.find()[0]?.number ?? 0;
    expect(JSON.stringify(backend.journal.find()).length).toBeLessThan(4_300_000);
    expect(first).toBeGreaterThan(1);
    const last = backend.journal.find().at(-1)?.number ?? 0;
    backend.journal.clear();
    expect(backend.journal.size).toBe(0);
    await agentvm.agents.list();
    expect(backend.journal.find()[0]?.number).toBe(last + 1);
  });
});
