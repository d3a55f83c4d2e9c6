import { describe, expect, it, onTestFinished } from "vitest";
import { createMockBackend, WorkFailure } from "../../mock-server/index.js";
import type { Work, WorkJob } from "../../mock-server/index.js";
import { all, work } from "../domain/support.js";
import { workRig } from "./rig.js";

/** A function that hands out its job and waits to be let go. */
function held() {
  const jobs: WorkJob[] = [];
  const reasons: unknown[] = [];
  const work: Work = async (_task, job) => {
    jobs.push(job);
    try {
      await job.wait(1_000_000);
    } catch (reason) {
      reasons.push(reason);
      throw reason;
    }
  };
  return { jobs, reasons, work };
}

describe("a function that works on tasks", () => {
  it("is seen at work in what it reports, on the backend's clock, and says what the task came to", async () => {
    const { backend, assign, now, settled } = await workRig({
      work: async (task, job) => {
        job.state("coding");
        job.progress(0.5, "Half of it");
        job.write("patched ");
        job.write("careful\n", "stderr");
        job.place({ x: 1, y: 2, z: 3 });
        await job.wait(2_000);
        return {
          output: `${task.prompt}: done`,
          diff: "--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1 @@\n+one\n",
          usage: { input_tokens: 3, output_tokens: 4 },
        };
      },
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({
      status: "running",
      work: "function",
      progress: 0.5,
      message: "Half of it",
    });
    expect(backend.engine.agents.list(all, {}).items).toMatchObject([
      { state: "coding", position: { x: 1, y: 2, z: 3 } },
    ]);
    backend.clock.advance(2_000);
    await settled();
    expect(now(id)).toMatchObject({
      status: "completed",
      changes: { files: [{ path: "new.ts", status: "added", insertions: 1, deletions: 0 }] },
      usage: { input_tokens: 3, output_tokens: 4, cost_usd: null, model: null },
      result: { output: "patched Fix the jump: done", execution_time: 2 },
    });
  });

  it("can be one for a type of agent; all others are simulated, or are for the one of '*'", async () => {
    const custom: Work = () => ({ output: "by its own" });
    const kinds = async (byType: Readonly<Record<string, Work>>) => {
      const { backend, now, settled } = await workRig({ work: byType });
      const ids = ["custom", "claude"].map((agent_type) => {
        const { id } = backend.engine.agents.create(all, { agent_type });
        return backend.engine.tasks.assign(all, work({ agent_id: id })).id;
      });
      await settled();
      return ids.map((id) => [now(id).work, now(id).result?.output]);
    };
    expect(await kinds({ custom })).toEqual([
      ["function", "by its own"],
      ["simulated", undefined],
    ]);
    expect(await kinds({ custom, "*": () => undefined })).toEqual([
      ["function", "by its own"],
      ["function", ""],
    ]);
  });

  it("comes after scripts", async () => {
    const { assign, now, settled } = await workRig({ work: () => undefined, scripts: [{ prompt: "jump" }] });
    const ids = [await assign(), await assign("mend")];
    await settled();
    expect(ids.map((id) => now(id).work)).toEqual(["scripted", "function"]);
  });

  it("asks the player and waits for the answer; where nobody answers, it is told so", async () => {
    const { backend, assign, now, answer, settled } = await workRig({
      work: async (_task, job) => {
        const { choice } = await job.ask({ text: "Red or blue?", options: ["red", "blue"] });
        const { text, by } = await job.ask({ text: "Why?", seconds: 5 });
        if (text === undefined) throw new WorkFailure("no_answer", `Closed by ${by}.`);
        return { output: `${choice}: ${text}` };
      },
    });
    const answered = await assign();
    await settled();
    expect(now(answered).question).toMatchObject({ kind: "choice", text: "Red or blue?" });
    answer(answered, { choice: "red" });
    await settled();
    answer(answered, { text: "It is warm." });
    await settled();
    expect(now(answered)).toMatchObject({ status: "completed", result: { output: "red: It is warm." } });
    const alone = await assign();
    await settled();
    answer(alone, { choice: "blue" });
    await settled();
    backend.clock.advance(5_000);
    await settled();
    expect(now(alone)).toMatchObject({
      status: "failed",
      result: { error: { code: "no_answer", message: "Closed by time." } },
    });
  });

  it("withdraws a question that it need not ask any more, and asks the next one", async () => {
    const elsewhere = new AbortController();
    const { assign, now, answer, settled } = await workRig({
      work: async (_task, job) => {
        const { by, choice } = await job.ask(
          { text: "May I?", kind: "permission" },
          { signal: elsewhere.signal },
        );
        const late = await job.ask({ text: "And now?" }, { signal: elsewhere.signal });
        const { text } = await job.ask({ text: "How?" });
        return { output: `${by}, ${choice ?? "no choice"}, ${late.by}, ${text}` };
      },
    });
    const id = await assign();
    await settled();
    expect(now(id).question).toMatchObject({ text: "May I?" });
    elsewhere.abort();
    await settled();
    expect(now(id).question).toMatchObject({ text: "How?" });
    answer(id, { text: "Softly" });
    await settled();
    expect(now(id).result).toMatchObject({ output: "worker, no choice, worker, Softly" });
  });

  it("may show who helps, who goes when the task is over", async () => {
    const { backend, agent, assign, settled } = await workRig({
      work: async (_task, job) => {
        const helper = job.child("Tester");
        helper?.state("coding");
        await job.wait(1_000);
      },
    });
    await assign();
    await settled();
    const helpers = () =>
      backend.engine.agents.list(all, {}).items.filter(({ parent_agent_id }) => parent_agent_id === agent.id);
    expect(helpers()).toMatchObject([{ name: "Tester", state: "coding" }]);
    backend.clock.advance(1_000);
    await settled();
    expect(helpers()).toEqual([]);
  });

  it.each<[string, unknown, object]>([
    [
      "a failure of its own, in its words",
      new WorkFailure("tests_failed", "3 tests fail."),
      { code: "tests_failed", message: "3 tests fail." },
    ],
    [
      "any error, by its message alone",
      new TypeError("x is not a function"),
      { code: "work_failed", message: "x is not a function" },
    ],
    [
      "an error that tells a key",
      new Error("401 for development-key at https://me:pw@host with Bearer abc.def"),
      { code: "work_failed", message: "401 for [redacted] at https://[redacted]@host with [redacted]" },
    ],
    ["what is no error", { secret: "hunter2" }, { code: "work_failed", message: "The work failed." }],
  ])("fails its task by throwing %s", async (_what, thrown, error) => {
    const { assign, now, settled } = await workRig({
      work: async () => {
        throw thrown;
      },
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({ status: "failed", result: { error } });
    expect(JSON.stringify(now(id))).not.toMatch(/functions\.test|hunter2/);
  });

  it.each<[string, (job: WorkJob) => unknown, string]>([
    ["a state that is none", (job) => job.state(JSON.parse('"idle"')), "state must be"],
    ["progress beyond the end", (job) => job.progress(2, "More"), "share must be at most 1"],
    ["a place that is none", (job) => job.place({ x: NaN, y: 0, z: 0 }), "position.x must be a number"],
    ["output that is no text", (job) => job.write(JSON.parse("3")), "The text must be a text."],
    ["a question of nothing", (job) => job.ask({ text: " " }), "question.text"],
    [
      "a second question",
      (job) => Promise.all([job.ask({ text: "One?" }), job.ask({ text: "Two?" })]),
      "is a second one",
    ],
    ["a wait that is none", (job) => job.wait(-1), "wait() takes milliseconds from 0 up"],
    ["usage that is none", (job) => job.usage({ input_tokens: -1, output_tokens: 0 }), "usage.input_tokens"],
  ])("fails its task with the reason when it reports %s", async (_what, report, reason) => {
    const { assign, now, settled } = await workRig({
      work: async (_task, job) => {
        await report(job);
      },
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({ status: "failed", result: { error: { code: "work_failed" } } });
    expect(now(id).message).toContain(reason);
  });

  it("fails its task and tells all the same what it has changed and used", async () => {
    const { assign, now, settled } = await workRig({
      work: () => {
        throw new WorkFailure("tests_failed", "3 tests fail.", {
          output: "tried\n",
          diff: "--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1 @@\n+one\n",
          usage: { input_tokens: 3, output_tokens: 4 },
        });
      },
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({
      status: "failed",
      changes: { files: [{ path: "new.ts", status: "added" }], review: "open" },
      usage: { input_tokens: 3, output_tokens: 4 },
      result: { output: "tried\n", error: { code: "tests_failed", message: "3 tests fail." } },
    });
  });

  it("fails its task when it gives what cannot be a result", async () => {
    const { assign, now, settled } = await workRig({
      work: () => JSON.parse('{ "usage": { "input_tokens": "many" } }'),
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({ status: "failed", result: { error: { code: "work_failed" } } });
  });

  it.each<[string, (rig: Awaited<ReturnType<typeof workRig>>, id: string) => void, string, string]>([
    [
      "its task is cancelled",
      ({ backend }, id) => void backend.engine.tasks.cancel(all, id, "no"),
      "cancelled",
      "AbortError",
    ],
    ["its task takes too long", ({ backend }) => backend.clock.advance(10_000), "failed", "TimeoutError"],
    [
      "its agent goes",
      ({ backend, agent }) => backend.engine.agents.remove(all, agent.id),
      "cancelled",
      "AbortError",
    ],
  ])("is told when %s, and what it reports then is not taken", async (_when, end, status, name) => {
    const { jobs, reasons, work } = held();
    const rig = await workRig({ work });
    const id = await rig.assign("Fix the jump", { timeout: 10 });
    await rig.settled();
    const [job] = jobs;
    end(rig, id);
    expect(job?.signal.aborted).toBe(true);
    await rig.settled();
    expect(reasons).toEqual([expect.objectContaining({ name })]);
    expect([job?.state("coding"), job?.progress(1, "Done"), job?.write("late"), job?.child("Late")]).toEqual([
      false,
      false,
      false,
      null,
    ]);
    await expect(job?.wait(1)).rejects.toMatchObject({ name });
    await expect(job?.ask({ text: "Late?" })).rejects.toMatchObject({ name });
    expect(rig.now(id).status).toBe(status);
  });

  it("is told when the backend is closed, and leaves no timer", async () => {
    const { jobs, work } = held();
    const { backend, assign, settled } = await workRig({ work });
    await assign();
    await settled();
    backend.close();
    expect(jobs[0]?.signal.reason).toMatchObject({ name: "AbortError", message: "The backend was closed." });
  });

  it("leaves nothing behind that it does not wait for", async () => {
    const { assign, now, settled } = await workRig({
      work(_task, job) {
        void job.wait(5_000);
        void job.ask({ text: "Anybody?" });
      },
    });
    const id = await assign();
    await settled();
    expect(now(id)).toMatchObject({ status: "completed", question: null });
  });

  it("begins anew, as the next attempt, when the backend comes back from a snapshot", async () => {
    const attempts: number[] = [];
    const work: Work = async (_task, job) => {
      attempts.push(job.attempt);
      await job.wait(3_000);
      return { output: `attempt ${job.attempt}` };
    };
    const first = await workRig({ work });
    const id = await first.assign();
    await first.settled();
    first.backend.clock.advance(2_000);
    const backend = createMockBackend({ clock: "manual", snapshot: first.backend.snapshot(), work });
    onTestFinished(() => backend.close());
    await first.settled();
    expect(backend.engine.tasks.get(all, id)).toMatchObject({ status: "running", attempt: 2 });
    backend.clock.advance(3_000);
    await first.settled();
    expect(backend.engine.tasks.get(all, id)).toMatchObject({
      status: "completed",
      result: { output: "attempt 2" },
    });
    expect(attempts).toEqual([1, 2]);
  });

  it("fails what a snapshot left to it where there is none any more", async () => {
    const first = await workRig({ work: held().work });
    const id = await first.assign();
    const backend = createMockBackend({ clock: "manual", snapshot: first.backend.snapshot() });
    onTestFinished(() => backend.close());
    await first.settled();
    expect(backend.engine.tasks.get(all, id)).toMatchObject({
      status: "failed",
      result: { error: { message: "There is no function any more for agents of the type 'aider'." } },
    });
  });

  it("gives the same events again from the same seed and calls", async () => {
    const play = async () => {
      const { backend, assign, settled } = await workRig({
        work: async (task, job) => {
          job.state("coding");
          await job.wait(500);
          job.progress(0.5, task.id);
          await job.wait(500);
        },
      });
      await assign();
      for (let step = 0; step < 4; step += 1) {
        await settled();
        backend.clock.advance(500);
      }
      return backend.engine.log.after(all, 0);
    };
    expect(await play()).toEqual(await play());
  });

  it.each<[string, unknown]>([
    ["no function", { custom: 3 }],
    ["a list", []],
    ["a text", "simulate"],
  ])("must be one: %s is refused", (_what, work) => {
    const options = Object.fromEntries([["work", work]]);
    expect(() => createMockBackend(options)).toThrow(
      "The backend's option 'work' must be a function, or functions by the agent's type.",
    );
  });
});

describe("the simulation", () => {
  it("fails as often and takes as long as it is told to", async () => {
    const { backend, assign, now } = await workRig({ simulation: { failureRate: 0, seconds: [1, 2] } });
    for (let task = 0; task < 20; task += 1) {
      const id = await assign();
      backend.clock.advance(2_000);
      expect(now(id).status).toBe("completed");
      expect(now(id).result?.execution_time).toBeGreaterThanOrEqual(1);
    }
    const failing = await workRig({ simulation: { failureRate: 1 } });
    const id = await failing.assign();
    failing.backend.clock.advance(31_000);
    expect(failing.now(id).status).toBe("failed");
  });

  it.each<[string, object]>([
    ["seconds the wrong way round", { seconds: [2, 1] }],
    ["one number of seconds", { seconds: [2] }],
    ["a share beyond all", { failureRate: 2 }],
    ["what it does not know", { speed: 3 }],
  ])("is refused with %s", (_what, simulation) => {
    expect(() => createMockBackend({ simulation })).toThrow("The backend's option 'simulation' must be like");
  });
});
