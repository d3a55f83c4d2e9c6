import { describe, expect, it } from "vitest";
import { createMockBackend, WorkFailure as FailureInPage } from "../../mock-server/index.js";
import { ConfigError, PermissionError } from "../../src/index.js";
import { startWorker, WorkFailure } from "../../src/worker.js";
import type { Work, WorkerOptions, WorkJob } from "../../src/worker.js";
import { all, work } from "../domain/support.js";
import { inTime, rejectionOf, settle } from "../sdk/time.js";
import { workerRig, WORKER_KEY } from "./rig.js";

/** A function that hands out its job and waits to be let go. */
function held() {
  const jobs: WorkJob[] = [];
  const work: Work = async (_task, job) => {
    jobs.push(job);
    await job.wait(100_000_000);
  };
  return { jobs, work };
}

const ways: readonly (readonly [string, Partial<WorkerOptions>])[] = [
  ["over the event stream", {}],
  ["over HTTP alone", { events: false }],
];

describe.each(ways)("a worker %s", (_name, way) => {
  it("does the work with the function that a backend in the page takes, and all of it is seen", async () => {
    const { start, assign, until, now, answer, over, backend, agent } = await workerRig();
    await start({
      ...way,
      work: async (task, job) => {
        job.state("coding");
        job.place({ x: 1, y: 2, z: 3 });
        job.progress(0.5, "Half of it");
        job.write("patched ");
        job.write("careful\n", "stderr");
        job.child("Tester")?.state("coding");
        const { choice, by } = await job.ask({ text: "Red or blue?", options: ["red", "blue"] });
        await job.wait(2_000);
        return {
          output: `${task.prompt}: ${choice} by the ${by}`,
          diff: "--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1 @@\n+one\n",
          usage: { input_tokens: 3, output_tokens: 4 },
        };
      },
    });
    const id = assign();
    await until(() => now(id).question !== null);
    expect(now(id)).toMatchObject({ work: "worker", progress: 0.5, message: "Half of it", attempt: 1 });
    expect(backend.engine.agents.list(all, {}).items).toMatchObject([
      { id: agent.id, state: "waiting", position: { x: 1, y: 2, z: 3 } },
      { parent_agent_id: agent.id, name: "Tester", state: "coding" },
    ]);
    answer(id, { choice: "red" });
    expect(await over(id)).toMatchObject({
      status: "completed",
      changes: { files: [{ path: "new.ts", status: "added", insertions: 1, deletions: 0 }] },
      usage: { input_tokens: 3, output_tokens: 4, cost_usd: null, model: null },
      result: { output: "patched Fix the jump: red by the player" },
    });
    expect(backend.engine.agents.list(all, {}).items).toHaveLength(1);
  });

  it("tells a function that nobody answered in time", async () => {
    const { start, assign, over } = await workerRig();
    await start({
      ...way,
      work: async (_task, job) => {
        const { by, text } = await job.ask({ text: "Why?", seconds: 5 });
        throw new WorkFailure("no_answer", `Closed by ${by}, ${text === undefined ? "unanswered" : text}.`);
      },
    });
    expect((await over(assign())).result?.error).toEqual({
      code: "no_answer",
      message: "Closed by time, unanswered.",
    });
  });

  it("says to the function why a question cannot be asked, and what it reported beside is there", async () => {
    const { start, assign, over } = await workerRig();
    const said: unknown[] = [];
    await start({
      ...way,
      work: async (_task, job) => {
        job.write("before\n");
        said.push(await rejectionOf(job.ask({ text: "Which?", kind: "choice" })));
        void job.ask({ text: "First?" });
        said.push(await rejectionOf(job.ask({ text: "Second?" })));
        return { output: "after\n" };
      },
    });
    expect((await over(assign())).result?.output).toBe("before\nafter\n");
    expect(said).toEqual([expect.any(TypeError), expect.any(TypeError)]);
    expect(String(said[1])).toContain("another one of the task is open");
  });

  it.each<[string, unknown, object]>([
    ["its own words", new WorkFailure("tests_failed", "3 tests fail."), { code: "tests_failed" }],
    [
      "the words of the failure that the backend's entry has",
      new FailureInPage("tests_failed", "3 tests fail."),
      { code: "tests_failed" },
    ],
    ["any error's message", new Error("It broke."), { code: "work_failed", message: "It broke." }],
    [
      "a message without the key",
      new Error(`401 for ${WORKER_KEY}`),
      { code: "work_failed", message: "401 for [redacted]" },
    ],
    ["nothing", "a text", { code: "work_failed", message: "The work failed." }],
  ])("fails a task in %s", async (_what, thrown, error) => {
    const { start, assign, over } = await workerRig();
    await start({
      ...way,
      work: () => {
        throw thrown;
      },
    });
    expect(await over(assign())).toMatchObject({ status: "failed", result: { error } });
  });

  it("fails a task and tells all the same what it has changed and used", async () => {
    const { start, assign, over } = await workerRig();
    await start({
      ...way,
      work: () => {
        throw new WorkFailure("tests_failed", "3 tests fail.", {
          output: "tried\n",
          changes: { files: [{ path: "new.ts", status: "added", insertions: 1, deletions: 0 }] },
          usage: { input_tokens: 3, output_tokens: 4 },
        });
      },
    });
    expect(await over(assign())).toMatchObject({
      status: "failed",
      changes: { files: [{ path: "new.ts" }], review: "open" },
      usage: { input_tokens: 3 },
      result: { output: "tried\n", error: { code: "tests_failed" } },
    });
  });

  it("withdraws a question that need not be answered any more", async () => {
    const { start, assign, over, until, now } = await workerRig();
    const elsewhere = new AbortController();
    await start({
      ...way,
      work: async (_task, job) => {
        const { by } = await job.ask({ text: "May I?", kind: "permission" }, { signal: elsewhere.signal });
        return { output: `Closed by ${by}` };
      },
    });
    const id = assign();
    await until(() => now(id).question !== null);
    elsewhere.abort();
    expect(await over(id)).toMatchObject({
      status: "completed",
      question: null,
      result: { output: "Closed by worker" },
    });
  });

  it("fails a task whose result is not as the contract says", async () => {
    const { start, assign, over } = await workerRig();
    await start({ ...way, work: () => ({ usage: { input_tokens: -1, output_tokens: 0 } }) });
    const { result } = await over(assign());
    expect(result?.error?.code).toBe("work_failed");
    expect(result?.error?.message).toContain("usage.input_tokens");
  });

  it("tells the function that its task was cancelled, and takes nothing of it any more", async () => {
    const { start, assign, until, now, backend } = await workerRig();
    const { jobs, work } = held();
    const worker = await start({ ...way, work });
    const id = assign();
    await until(() => jobs.length === 1);
    backend.engine.tasks.cancel(all, id, "Enough.");
    await until(() => jobs[0]?.signal.aborted === true);
    expect(jobs[0]?.signal.reason).toMatchObject({ name: "AbortError" });
    expect([jobs[0]?.write("late\n"), worker.busy]).toEqual([false, 0]);
    expect(now(id)).toMatchObject({ status: "cancelled", result: { output: "" } });
  });

  it("tells the function that its task took too long", async () => {
    const { start, assign, until } = await workerRig();
    const { jobs, work } = held();
    await start({ ...way, work });
    assign({ timeout: 60 });
    await until(() => jobs[0]?.signal.aborted === true, 500);
    // Over HTTP alone it is told that the task is over, and not why.
    expect(jobs[0]?.signal.reason).toMatchObject({
      name: way.events === false ? "AbortError" : "TimeoutError",
    });
  });

  it("keeps its lease for as long as the work takes", async () => {
    const { start, assign, over, now } = await workerRig();
    await start({ ...way, work: (_task, job) => job.wait(400_000) });
    const id = assign();
    expect(await over(id, 500)).toMatchObject({ status: "completed", attempt: 1 });
    expect(now(id).result?.execution_time).toBeGreaterThanOrEqual(400);
  });

  it("keeps its place while there is nothing to do", async () => {
    const { start, backend, until } = await workerRig();
    const left: string[] = [];
    backend.engine.log.subscribe(({ type }) => {
      if (type === "worker.left") left.push(type);
    });
    await start({ ...way, work: () => undefined });
    const from = backend.clock.now();
    await until(() => backend.clock.now() - from > 200_000, 500);
    expect(left).toEqual([]);
  });

  it("has as many tasks at the same time as it has slots", async () => {
    const { start, assign, until, backend } = await workerRig();
    const { jobs, work: both } = held();
    const worker = await start({ ...way, work: both, slots: 2 });
    for (let count = 0; count < 2; count += 1) backend.engine.agents.create(all, { agent_type: "custom" });
    const ids = backend.engine.agents.list(all, {}).items.map(({ id }) => assign({ agent_id: id }));
    await until(() => jobs.length === 2);
    await settle();
    expect(worker.busy).toBe(2);
    backend.engine.tasks.cancel(all, ids[0] ?? "", "Enough.");
    await until(() => jobs.length === 3);
    expect(worker.busy).toBe(2);
  });

  it("does the tasks of the types that it serves, each with the function for it", async () => {
    const { start, assign, over, now, backend } = await workerRig();
    const other = backend.engine.agents.create(all, { agent_type: "claude" });
    const third = backend.engine.agents.create(all, { agent_type: "aider" });
    const claude = assign({ agent_id: other.id });
    const aider = assign({ agent_id: third.id });
    await start({
      ...way,
      slots: 3,
      work: { custom: () => ({ output: "custom" }), claude: () => ({ output: "claude" }) },
    });
    expect((await over(assign())).result?.output).toBe("custom");
    expect((await over(claude)).result?.output).toBe("claude");
    expect(now(aider)).toMatchObject({
      status: "assigned",
      message: "Waiting for a worker that serves 'aider'.",
    });
  });

  it("lets tasks end before it leaves", async () => {
    const { start, assign, until, now, backend } = await workerRig();
    const worker = await start({ ...way, work: (_task, job) => job.wait(5_000) });
    const id = assign();
    await until(() => worker.busy === 1);
    const next = assign();
    await inTime(backend.clock, worker.stop());
    expect([now(id).status, now(next)]).toMatchObject(["completed", { status: "assigned", attempt: 1 }]);
    await expect(worker.ended).resolves.toBeUndefined();
  });

  it("gives back what does not end in time, as the next attempt of somebody else", async () => {
    const { start, assign, until, now, backend } = await workerRig();
    const { jobs, work } = held();
    const worker = await start({ ...way, work });
    const id = assign();
    await until(() => jobs.length === 1);
    await inTime(backend.clock, worker.stop({ graceMs: 1_000 }));
    expect(now(id)).toMatchObject({ status: "assigned", attempt: 2 });
    expect(jobs[0]?.signal.aborted).toBe(true);
    await start({ ...way, name: "desk-2", work: (_task, job) => ({ output: `attempt ${job.attempt}` }) });
    await until(() => now(id).status === "completed");
    expect(now(id).result?.output).toBe("attempt 2");
  });

  it("says a report again, under the same number, whose answer was lost", async () => {
    const { start, assign, over, backend } = await workerRig();
    backend.faults.add({ route: "taskReport", answer: "reset_peer", after: true, times: 4 });
    await start({
      ...way,
      work: (_task, job) => {
        job.write("once\n");
      },
    });
    expect((await over(assign())).result?.output).toBe("once\n");
  });

  it("lives through a server that answers with errors for a while", async () => {
    const { start, assign, over, backend } = await workerRig();
    const worker = await start({ ...way, work: () => ({ output: "done" }) });
    backend.faults.add({ path: "/workers/*", status: 503, times: 8 });
    backend.faults.add({ path: "/tasks/*", status: 503, times: 8 });
    expect((await over(assign())).result?.output).toBe("done");
    expect(worker.busy).toBe(0);
  });

  it("gives a task up when the server was not there for as long as the lease", async () => {
    const { start, assign, until, now, backend } = await workerRig();
    const { jobs, work } = held();
    const worker = await start({ ...way, work });
    const id = assign();
    await until(() => jobs.length === 1 && now(id).status === "running");
    const fault = backend.faults.add({ route: ["taskReport", "workerClaim"], answer: "timeout" });
    const stream = backend.faults.add({ stream: "half_open" });
    await until(() => jobs[0]?.signal.aborted === true, 500);
    await until(() => now(id).attempt === 2, 500);
    fault();
    stream();
    // It joins again, and begins anew.
    await until(() => jobs.length === 2, 500);
    expect([now(id).attempt, jobs[1]?.attempt, worker.busy]).toEqual([2, 2, 1]);
  });

  it("joins again when the server begins anew", async () => {
    const { start, until, backend } = await workerRig();
    const { jobs, work: both } = held();
    const worker = await start({ ...way, work: both });
    backend.restart();
    const again = backend.engine.agents.create(all, { agent_type: "custom" });
    backend.engine.tasks.assign(all, work({ agent_id: again.id }));
    await until(() => jobs.length === 1, 500);
    expect(worker.busy).toBe(1);
  });

  it("ends by itself when its key is not taken any more", async () => {
    const { start, until, backend } = await workerRig();
    const warned: string[] = [];
    const worker = await start({
      ...way,
      work: () => undefined,
      logger: { warn: (message) => warned.push(message) },
    });
    backend.faults.add({ path: "/workers/*", code: "forbidden" });
    backend.faults.add({ stream: "close", closeCode: 4403 });
    const ended = rejectionOf(worker.ended);
    await until(() => warned.some((message) => message.includes("The worker ends")), 500);
    expect(await inTime(backend.clock, ended)).toBeInstanceOf(PermissionError);
    expect(warned.join("\n")).not.toContain(WORKER_KEY);
  });
});

describe("a worker", () => {
  it("asks for nothing again and again where the event stream tells it", async () => {
    const { start, assign, over, backend, until } = await workerRig();
    await start({ work: (_task, job) => job.wait(10_000) });
    backend.journal.clear();
    const from = backend.clock.now();
    await until(() => backend.clock.now() - from >= 60_000, 500);
    await over(assign());
    const calls = backend.journal.find({}).map(({ route }) => route);
    expect(calls.filter((route) => route === "workerClaim")).toEqual([]);
    expect(calls.filter((route) => route === "taskReport").length).toBeLessThan(5);
  });

  it("goes on over HTTP while the stream is away, and by the stream once it is back", async () => {
    const { start, assign, over, backend, until } = await workerRig();
    const worker = await start({ work: () => ({ output: "done" }) });
    const cut = backend.faults.add({ stream: "cut", event: "worker.left" });
    const close = backend.faults.add({ stream: "close", closeCode: 1012, times: 3 });
    await until(() => !worker.hears);
    expect((await over(assign())).result?.output).toBe("done");
    cut();
    close();
    await until(() => worker.hears, 500);
    expect((await over(assign())).result?.output).toBe("done");
  });

  it("claims again what a fault kept from it on the stream", async () => {
    const { start, assign, over, backend } = await workerRig();
    await start({ work: () => ({ output: "done" }) });
    backend.faults.add({ route: "workerClaim", status: 503, times: 1 });
    expect((await over(assign())).result?.output).toBe("done");
    expect(backend.faults.unused()).toEqual([]);
  });

  it("takes the connection of a backend in the same process", async () => {
    const backend = createMockBackend({ clock: "manual", workBy: "workers" });
    const worker = await startWorker({
      ...backend.connection(),
      name: "here",
      clock: backend.clock,
      work: (task) => ({ output: `Done: ${task.prompt}` }),
    });
    const { id: agent_id } = backend.engine.agents.create(all, { agent_type: "custom" });
    const { id } = backend.engine.tasks.assign(all, work({ agent_id }));
    while (backend.engine.tasks.get(all, id).completed_at === null) {
      await settle(4);
      backend.clock.advance(50);
    }
    expect(backend.engine.tasks.get(all, id).result?.output).toBe("Done: Fix the jump");
    await inTime(backend.clock, worker.stop());
    backend.close();
  });

  it("says at once that the server does not take its key", async () => {
    const { server, backend } = await workerRig();
    const starting = startWorker({
      endpoint: server.url,
      apiKey: "not-a-key",
      name: "desk-1",
      clock: backend.clock,
      work: () => undefined,
    });
    expect(await rejectionOf(inTime(backend.clock, starting))).toBeInstanceOf(PermissionError);
  });

  const right = { endpoint: "http://localhost:1", apiKey: "k", name: "desk-1", work: () => undefined };
  it.each<[string, object, string]>([
    ["no name", { name: undefined }, "name is missing"],
    ["a name of blanks", { name: "  " }, "name must be a text of 1 to 80 characters"],
    ["no key", { apiKey: undefined }, "apiKey is missing"],
    ["no work", { work: undefined }, "work is missing: a function"],
    ["work that is none", { work: { custom: "echo" } }, "work must be a function"],
    ["no types", { types: [] }, "types must be a list of 1 to 100 types"],
    ["a type of two words", { types: ["two words"] }, "types must be a list"],
    [
      "a type without a function",
      { work: { a: () => undefined }, types: ["b"] },
      "no function for the type b",
    ],
    ["half a slot", { slots: 0.5 }, "slots must be a whole number from 1 to 64"],
    ["too many slots", { slots: 65 }, "slots must be a whole number"],
    ["an unknown option", { slot: 1 }, "there is no option slot"],
    ["an endpoint that is none", { endpoint: "here" }, "endpoint must be a URL"],
    ["labels that are no texts", { labels: { zone: 1 } }, "labels must be an object"],
  ])("refuses %s, and sends nothing", async (_what, wrong, said) => {
    const options: WorkerOptions = { ...right, ...wrong };
    const error = await rejectionOf(startWorker(options));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(said);
  });
});
