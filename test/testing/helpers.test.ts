import { describe, expect, it, test as base } from "vitest";
import { AgentVM } from "../../src/index.js";
import {
  advanceUntil,
  agentvmFixtures,
  createMockBackend,
  matchers,
  settled,
} from "../../mock-server/testing.js";
import type { AgentVMMatchers } from "../../mock-server/testing.js";

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way in which vitest takes more matchers
  interface Matchers<T> extends AgentVMMatchers<T> {}
}

const test = base.extend(agentvmFixtures(AgentVM));

describe("advanceUntil", () => {
  test("lets time go on until a task is over, and no further", async ({ backend, agentvm }) => {
    await agentvm.agents.create("aider");
    backend.script({ takes: 3, output: "patched player.ts" });
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    const began = backend.clock.now();
    const result = await advanceUntil(backend, task.result());
    expect(result.output).toBe("patched player.ts");
    expect(result.execution_time).toBe(3);
    expect(backend.clock.now() - began).toBeLessThan(10_000);
  });

  it("lets functions wait one time after the other", async () => {
    const backend = createMockBackend({
      clock: "manual",
      work: async (_task, job) => {
        for (let step = 0; step < 3; step += 1) await job.wait(1_000);
      },
    });
    const agentvm = new AgentVM({ ...backend.connection(), clock: backend.wallClock });
    await agentvm.agents.create("custom");
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    expect((await advanceUntil(backend, task.result())).execution_time).toBe(3);
    await agentvm.close();
    backend.close();
  });

  it("says when nothing is left that could settle the promise, and when the time is over", async () => {
    const backend = createMockBackend({ clock: "manual" });
    const never = new Promise<void>(() => undefined);
    await expect(advanceUntil(backend, never)).rejects.toThrow(
      "nothing is due on the backend's clock any more",
    );
    const again = (): void => void backend.clock.setTimeout(again, 1_000);
    again();
    await expect(advanceUntil(backend, never, { within: 5_000 })).rejects.toThrow("within 5000 ms");
    backend.close();
  });

  it("passes on what the promise is rejected with", async () => {
    const backend = createMockBackend({ clock: "manual" });
    await expect(advanceUntil(backend, Promise.reject(new Error("No.")))).rejects.toThrow("No.");
    backend.close();
  });
});

describe("settled", () => {
  it("lets a function go on that does not wait for the clock", async () => {
    const backend = createMockBackend({ clock: "manual", work: () => ({ output: "done" }) });
    const agentvm = new AgentVM({ ...backend.connection(), clock: backend.wallClock });
    await agentvm.agents.create("custom");
    const { id } = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    await settled();
    expect((await agentvm.tasks.get(id)).result?.output).toBe("done");
    await agentvm.close();
    backend.close();
  });
});

describe("the matchers", () => {
  const failed = { status: "failed", result: { error: { code: "tests_failed", message: "3 tests fail." } } };
  const asking = { status: "running", question: { text: "May I write player.ts?" } };
  it.each<[string | RegExp, object, boolean]>([
    ["tests_failed", failed, true],
    [/\d tests/, failed, true],
    ["tests_failed", failed.result, true],
    ["timeout", failed, false],
    ["tests_failed", asking, false],
  ])("say whether a task has failed with %s", (expected, task, pass) => {
    expect(matchers.toHaveFailedWith(task, expected).pass).toBe(pass);
  });

  it.each<[string | RegExp, unknown, boolean]>([
    ["player.ts", asking, true],
    [/^May I/, asking, true],
    ["menu.ts", asking, false],
    ["player.ts", failed, false],
    ["player.ts", null, false],
  ])("say whether a task has asked %s", (expected, task, pass) => {
    expect(matchers.toHaveAsked(task, expected).pass).toBe(pass);
  });

  it("say in vitest what was there in the place of what was expected", () => {
    expect.extend(matchers);
    expect(failed).toHaveFailedWith("tests_failed");
    expect(asking).toHaveAsked(/^May I/);
    expect(asking).not.toHaveFailedWith("timeout");
    expect(() => {
      expect(asking).toHaveFailedWith("timeout");
    }).toThrow("The task was to have failed with timeout; it has not: it is running");
  });
});
