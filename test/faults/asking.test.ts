import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/testing.js";
import type { Fault, TestBackend } from "../../mock-server/testing.js";
import { globFits, globsMeet } from "../../mock-server/testing/faults/glob.js";
import { AgentVM } from "../../src/slim.js";
import { inTime } from "../sdk/time.js";

function withBackend<T>(use: (backend: TestBackend) => T): T {
  const backend = createMockBackend({ seed: 7, clock: "manual" });
  try {
    return use(backend);
  } finally {
    backend.close();
  }
}

/** What nobody who reads the types can write, as a program without them may. */
const wrong: readonly (readonly [given: unknown, said: RegExp])[] = [
  [undefined, /A fault is an object/],
  ["503", /A fault is an object/],
  [{}, /says nothing of what goes wrong/],
  [{ route: "taskAssign" }, /says nothing of what goes wrong/],
  [{ status: 200 }, /fault\.status must be at least 400/],
  [{ status: 600 }, /fault\.status must be at most 599/],
  [{ status: "503" }, /fault\.status must be/],
  [{ status: 503, answer: "html" }, /status, code and answer exclude/],
  [{ code: "no_such_code" }, /fault\.code must be a code of the contract/],
  [{ answer: "slow" }, /fault\.answer must be "timeout"/],
  [{ status: 503, times: 0 }, /fault\.times must be at least 1/],
  [{ status: 503, times: 1.5 }, /fault\.times must be an integer/],
  [{ status: 503, chance: 0 }, /fault\.chance must be more than 0/],
  [{ status: 503, chance: 2 }, /fault\.chance must be at most 1/],
  [{ status: 503, skip: -1 }, /fault\.skip must be at least 0/],
  [{ status: 503, route: "taskAsign" }, /fault\.route/],
  [{ status: 503, route: [] }, /fault\.route/],
  [{ status: 503, path: "/taks/*" }, /fault\.path fits no call of the contract: \/taks\/\*/],
  [{ status: 503, route: "agentList", path: "/tasks/*" }, /fault\.path fits no call/],
  [{ status: 503, latency: -1 }, /fault\.latency must be at least 0/],
  [{ status: 503, latency: NaN }, /fault\.latency must be a number/],
  [{ latency: 1e12 }, /fault\.latency must be at most/],
  [{ status: 503, jitter: 5 }, /jitter goes with latency/],
  [{ status: 503, bytes: 5 }, /bytes goes with answer/],
  [{ answer: "html", retryAfter: 5 }, /retryAfter goes with status/],
  [{ answer: "limit_data", after: false }, /after cannot be false/],
  [{ stats: 503 }, /fault\.stats is not a known field/],
  [{ stream: "down" }, /fault\.stream must be "cut"/],
  [{ event: "task.progress" }, /fault\.stream must be/],
  [{ stream: "cut", event: "task.progres" }, /fault\.event fits no event of the contract: task\.progres/],
  [{ stream: "latency" }, /fault\.latency is missing/],
  [{ stream: "cut", latency: 5 }, /latency goes with stream: "latency"/],
  [{ stream: "close", closeCode: 1006 }, /fault\.closeCode must be one that a server sends/],
  [{ stream: "cut", closeCode: 1013 }, /closeCode goes with stream: "close"/],
  [{ stream: "cut", route: "taskAssign" }, /fault\.route is not a known field/],
];

describe("asking for a fault", () => {
  it.each(wrong)("%j is refused, with the field named", (given, said) => {
    withBackend(({ faults }) => {
      expect(() => faults.add(given as Fault)).toThrow(said);
      expect(() => faults.add(given as Fault)).toThrow(TypeError);
      expect(faults.list()).toEqual([]);
    });
  });

  it("is undone by what it gives, by its id, by `using` and by clear", () => {
    withBackend(({ faults }) => {
      const undo = faults.add({ status: 503 });
      undo();
      undo();
      expect([faults.list(), faults.remove(undo.id)]).toEqual([[], false]);
      const { id } = faults.add({ status: 503 });
      expect([faults.remove(id), faults.list()]).toEqual([true, []]);
      {
        using held = faults.add({ stream: "cut", event: "task.*" });
        expect(faults.list()).toEqual([{ id: held.id, fault: held.fault, used: 0, left: null }]);
      }
      faults.add({ latency: 5 });
      faults.clear();
      expect(faults.list()).toEqual([]);
    });
  });

  it("is bounded: a hundred at once, and those that are used up make room", async () => {
    const backend = createMockBackend({ seed: 7, clock: "manual" });
    const { faults, clock } = backend;
    for (let place = 0; place < 100; place += 1) faults.add({ route: "agentList", status: 503, times: 1 });
    expect(() => faults.add({ status: 503 })).toThrow(/100 faults already/);
    const agentvm = new AgentVM({ ...backend.connection(), clock, retries: 0 });
    await expect(inTime(clock, agentvm.agents.list())).rejects.toMatchObject({ status: 503 });
    expect([faults.add({ status: 500 }).id, faults.list().length]).toEqual(["fault_101", 100]);
    await agentvm.close();
    backend.close();
  });
});

describe("chance of faults", () => {
  /** Which of a hundred calls fail. */
  async function failures(
    seed: number,
    fault: Fault | null,
  ): Promise<{ readonly failed: boolean[]; readonly log: string }> {
    const backend = createMockBackend({ seed, clock: "manual", limits: { max_agents: 100 } });
    if (fault !== null) backend.faults.add(fault);
    const agentvm = new AgentVM({
      ...backend.connection(),
      clock: backend.clock,
      retries: 0,
      batching: false,
    });
    const failed: boolean[] = [];
    for (let place = 0; place < 100; place += 1) {
      failed.push(
        await inTime(backend.clock, agentvm.agents.get(`agent_${place}`)).then(
          () => false,
          (error: unknown) => error instanceof Error && "status" in error && error.status === 503,
        ),
      );
    }
    await inTime(backend.clock, agentvm.agents.create("aider"));
    await inTime(backend.clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    backend.clock.advance(600_000);
    const events = backend.engine.log.after({ kind: "all" }, 0);
    await agentvm.close();
    backend.close();
    return { failed, log: JSON.stringify(events) };
  }

  const half: Fault = { route: "agentGet", status: 503, chance: 0.5 };

  it("is the same for the same seed, and another for another", async () => {
    const [one, same, other] = [await failures(7, half), await failures(7, half), await failures(8, half)];
    expect(one.failed).toEqual(same.failed);
    expect(one.failed).not.toEqual(other.failed);
    const count = one.failed.filter(Boolean).length;
    expect(count > 25 && count < 75).toBe(true);
  });

  it("leaves the event log as it would have been", async () => {
    expect((await failures(7, half)).log).toBe((await failures(7, null)).log);
  });
});

describe("a pattern", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });

  /** The same by an expression. */
  const byExpression = (glob: string, value: string): boolean =>
    new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(value);

  it("fits what an expression with .* in the place of its stars would", () => {
    fc.assert(
      fc.property(pattern, text, (glob, value) => globFits(glob, value) === byExpression(glob, value)),
    );
  });

  it("meets another where a text fits both", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, value) => {
        const fitsBoth = globFits(one, value) && globFits(other, value);
        expect(fitsBoth && !globsMeet(one, other)).toBe(false);
      }),
    );
    expect([
      globsMeet("/tasks/*", "/tasks/*/output"),
      globsMeet("/taks/*", "/tasks/*"),
      globsMeet("a*c", "*b"),
    ]).toEqual([true, false, false]);
  });

  it("costs little, however it is made", () => {
    expect(globFits(`${"*a".repeat(100)}b`, "a".repeat(100_000))).toBe(false);
  });
});
