import { describe, expect, it } from "vitest";
import type { Agent, Task } from "../../src/contract/index.js";
import { apply } from "../../mock-server/domain/apply.js";
import { saveWorld } from "../../mock-server/domain/snapshot.js";
import { emptyWorld } from "../../mock-server/domain/world.js";
import type { Job } from "../../mock-server/work/work.js";
import {
  all,
  crew,
  eventsOfTask,
  get,
  ofGame,
  only,
  rig,
  thrownBy,
  typesOf,
  work,
} from "../domain/support.js";
import { fakeWorker, newest } from "./fake-worker.js";

const broken = { code: "tests_failed", message: "Three tests fail." };

/** A task of ten seconds at work, of a game that is emptied as soon as it is left. */
function running() {
  const worker = fakeWorker();
  const tested = rig({ work: worker, limits: { leave_grace_seconds: 0 } });
  const { session_id: session, game_id } = tested.engine.games.connect({});
  const { id: agentId } = tested.engine.agents.create(ofGame(game_id), { agent_type: "aider" });
  const { id: taskId } = tested.engine.tasks.assign(all, work({ agent_id: agentId, timeout: 10 }));
  return { ...tested, worker, session, agentId, taskId };
}

describe("a worker", () => {
  it("that finishes as soon as it is asked has a task done within the call that assigned it", () => {
    const worker = fakeWorker({
      begin(job) {
        job.start("coding");
        job.write("patched player.ts\n");
        job.finish(null);
      },
    });
    const { engine, events } = rig({ work: worker });
    const [agent_id = ""] = crew(engine, ["aider"]);
    const task = engine.tasks.assign(all, work());
    expect(task).toMatchObject({ status: "completed", progress: 1, agent_id });
    expect(task.result).toMatchObject({ success: true, output: "patched player.ts\n", error: null });
    expect(typesOf(events)).toEqual([
      "agent.created",
      "task.assigned",
      "agent.state_changed",
      "task.started",
      "task.completed",
      "agent.state_changed",
    ]);
    expect(engine.agents.get(all, agent_id)).toMatchObject({ state: "idle", current_task_id: null });
    expect(worker.stops).toEqual([]);
  });

  it("that fails says why, and the agent takes what waits for it", () => {
    const worker = fakeWorker();
    const { engine, events } = rig({ work: worker });
    crew(engine, ["aider"]);
    const first = engine.tasks.assign(all, work());
    const second = engine.tasks.assign(all, work());
    expect(newest(worker.jobs).task.id).toBe(first.id);
    expect(newest(worker.jobs).finish(broken)).toBe(true);
    expect(get(engine, first.id)).toMatchObject({ status: "failed", result: { error: broken } });
    expect(only(events, "task.failed")[0]?.data).toMatchObject({ task_id: first.id, error: broken });
    expect(newest(worker.jobs).task).toMatchObject({ id: second.id, status: "running" });
  });

  it("is seen at work in what it reports, whenever it does, each at its time", () => {
    const worker = fakeWorker();
    const { engine, events, clock } = rig({ work: worker });
    const { id: agent_id } = engine.agents.create(all, { agent_type: "claude" });
    const { id: task_id } = engine.tasks.assign(all, work());
    const job = newest(worker.jobs);
    const at = events.length;
    let told = 0;
    engine.outputs.subscribe(task_id, () => (told += 1));
    clock.advance(1_500);
    job.state("coding");
    job.state("coding");
    clock.advance(500);
    job.progress(0.5, "Half of it");
    job.progress(null, "Still half of it");
    job.place({ x: 1, y: 2, z: 3 });
    job.write("one\n");
    job.write("two\n", "stderr");
    expect(events.slice(at).map(({ type, timestamp, data }) => [type, timestamp.slice(17), data])).toEqual([
      ["agent.state_changed", "01.500Z", { agent_id, state: "coding", previous_state: "thinking", task_id }],
      ["task.progress", "02.000Z", { task_id, agent_id, progress: 0.5, message: "Half of it" }],
      ["task.progress", "02.000Z", { task_id, agent_id, progress: 0.5, message: "Still half of it" }],
      [
        "agent.moved",
        "02.000Z",
        { agent_id, position: { x: 1, y: 2, z: 3 }, scene_id: null, sequence: null },
      ],
    ]);
    expect(told).toBe(2);
    expect(engine.tasks.output(all, task_id, 0).lines.map(({ stream, text }) => [stream, text])).toEqual([
      ["stdout", "one\n"],
      ["stderr", "two\n"],
    ]);
    job.finish(null);
    expect(get(engine, task_id).result?.output).toBe("one\n");
    expect(get(engine, task_id).result?.execution_time).toBe(2);
  });

  it("may begin later: the task waits for it meanwhile, and its agent does others", () => {
    const ready: Job[] = [];
    const worker = fakeWorker({ begin: (job) => void ready.push(job) });
    const { engine, events } = rig({ work: worker });
    const [agent_id = ""] = crew(engine, ["aider"]);
    const [first, second] = [engine.tasks.assign(all, work()), engine.tasks.assign(all, work())];
    expect([first.status, second.status]).toEqual(["assigned", "assigned"]);
    expect(engine.agents.get(all, agent_id).state).toBe("idle");
    expect(ready.map(({ task }) => task.id)).toEqual([first.id, second.id]);
    expect(ready[0]?.write("too early\n")).toBe(false);
    expect(ready[1]?.start("coding")).toBe(true);
    expect(ready[0]?.start("coding")).toBe(false);
    expect(get(engine, second.id).status).toBe("running");
    ready[1]?.finish(null);
    // The agent is free again, so its worker was asked once more.
    expect(ready).toHaveLength(3);
    expect(ready[0]?.start("thinking")).toBe(true);
    expect(ready[2]?.start("thinking")).toBe(false);
    expect(only(events, "task.started").map(({ data }) => data.task_id)).toEqual([second.id, first.id]);
  });

  it.each<[string, (task: ReturnType<typeof running>) => void, string]>([
    ["is cancelled", ({ engine, taskId }) => void engine.tasks.cancel(all, taskId, "no"), "cancelled"],
    ["has taken too long", ({ advance }) => advance(11), "timeout"],
    ["loses its agent", ({ engine, agentId }) => engine.agents.remove(all, agentId), "cancelled"],
    [
      "is of a game that was left",
      ({ engine, session, advance }) => {
        engine.games.disconnect(session);
        advance(1);
      },
      "cancelled",
    ],
  ])("is told when its task %s, and what it reports after it is not taken", (_what, end, why) => {
    const ended = running();
    const { engine, worker, taskId, events } = ended;
    const job = newest(worker.jobs);
    job.write("before\n");
    end(ended);
    const { status, result } = get(engine, taskId);
    expect(worker.stops).toEqual([{ task: get(engine, taskId), why }]);
    const heard = events.length;
    const late = [
      job.start("thinking"),
      job.state("coding"),
      job.place({ x: 0, y: 0, z: 0 }),
      job.progress(0.9, "Nearly"),
      job.write("after\n"),
      job.keep({ count: 1 }),
      job.wake(1),
      job.finish(null),
      job.finish(broken),
    ];
    expect(late).toEqual(late.map(() => false));
    expect(events).toHaveLength(heard);
    expect(get(engine, taskId)).toMatchObject({ status, result });
    expect(engine.tasks.output(all, taskId, 0).lines.map(({ text }) => text)).toEqual(["before\n"]);
    expect(engine.snapshot().world.work).toEqual([]);
    expect(job.task).toEqual(get(engine, taskId));
    expect(job.kept).toEqual({});
  });

  it("is told of the end of a task that it has not begun", () => {
    const worker = fakeWorker({ begin: () => undefined });
    const { engine } = rig({ work: worker });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    engine.tasks.cancel(all, id, null);
    expect(worker.stops).toMatchObject([{ task: { id, status: "cancelled" }, why: "cancelled" }]);
    expect(newest(worker.jobs).start("coding")).toBe(false);
  });

  it("is not heard when it reports at a time at which its task is over, though nobody has looked yet", () => {
    const worker = fakeWorker();
    const { engine, clock } = rig({ work: worker });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ timeout: 5 }));
    clock.advance(5_000);
    expect(newest(worker.jobs).finish(null)).toBe(false);
    expect(get(engine, id)).toMatchObject({ status: "failed", result: { error: { code: "timeout" } } });
  });

  it("is not heard of a task that was given to another agent since", () => {
    const worker = fakeWorker({ begin: () => undefined });
    const { engine } = rig({ work: worker });
    const [first = "", second = ""] = crew(engine, ["aider", "aider"]);
    const { id } = engine.tasks.assign(all, work({ agent_id: first }));
    engine.agents.remove(all, first);
    expect(worker.jobs.map(({ task, agent }) => [task.id, agent.id])).toEqual([
      [id, first],
      [id, second],
    ]);
    expect(worker.jobs[0]?.start("coding")).toBe(false);
    expect(worker.jobs[1]?.start("coding")).toBe(true);
    expect(get(engine, id)).toMatchObject({ agent_id: second, status: "running" });
  });

  it("that throws when it is told hurts itself alone", () => {
    const errors: unknown[] = [];
    const error = new Error("The process is gone.");
    const worker = fakeWorker({
      stopped() {
        throw error;
      },
    });
    const { engine } = rig({ work: worker, onListenerError: (thrown) => errors.push(thrown) });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    expect(engine.tasks.cancel(all, id, null).status).toBe("cancelled");
    expect(errors).toEqual([error]);
  });

  it("may call the backend when it is told: everybody has heard of the end by then", () => {
    const heard: string[] = [];
    const worker = fakeWorker({
      stopped(task) {
        heard.push(`told at event ${tested.events.length}`);
        if (task.prompt === "Fix the jump") tested.engine.tasks.assign(all, work({ prompt: "Try again" }));
      },
    });
    const tested = rig({ work: worker });
    crew(tested.engine, ["aider"]);
    const { id } = tested.engine.tasks.assign(all, work());
    tested.engine.tasks.cancel(all, id, null);
    expect(typesOf(eventsOfTask(tested.events, id))).toContain("task.cancelled");
    expect(newest(worker.jobs).task).toMatchObject({ prompt: "Try again", status: "running" });
    expect(heard).toHaveLength(1);
  });

  it("has chance of each task's own, which is the same whenever it is asked for", () => {
    const draws = (seed: number) => {
      const worker = fakeWorker();
      const { engine } = rig({ work: worker, seed });
      crew(engine, ["aider", "aider"]);
      engine.tasks.assign(all, work());
      engine.tasks.assign(all, work());
      return worker.jobs.map((job) => [job.chance().next(), job.chance().next()]);
    };
    const [first = [], second = []] = draws(7);
    expect(first[0]).toBe(first[1]);
    expect(first[0]).not.toBe(second[0]);
    expect(draws(7)).toEqual([first, second]);
    expect(draws(8)).not.toEqual([first, second]);
  });
});

describe("a task", () => {
  it("says who works on it, from the call that gives it on", () => {
    const { engine } = rig({ work: fakeWorker({ kind: "scripted" }) });
    const waiting = engine.tasks.assign(all, work());
    expect(waiting).toMatchObject({ status: "pending", work: "scripted" });
    crew(engine, ["aider"]);
    expect(get(engine, waiting.id)).toMatchObject({ status: "running", work: "scripted" });
    engine.tasks.cancel(all, waiting.id, null);
    expect(engine.tasks.list(all, {}).items).toMatchObject([{ status: "cancelled", work: "scripted" }]);
  });

  it("says another one where its new agent's work is done by another", () => {
    const worker = {
      ...fakeWorker(),
      kindOf: (_task: Task, agent: Agent | null) => (agent?.type === "custom" ? "scripted" : "simulated"),
    } as const;
    const { engine, changes } = rig({ work: worker });
    const { id } = engine.tasks.assign(all, work());
    expect(get(engine, id).work).toBe("simulated");
    const [first = ""] = crew(engine, ["custom"]);
    expect(get(engine, id)).toMatchObject({ agent_id: first, work: "scripted" });
    const world = emptyWorld();
    for (const change of changes) apply(world, change);
    expect(saveWorld(world)).toEqual(engine.snapshot().world);
  });

  it("says who works in answers and not in events, which are as they were before it said so", () => {
    const { engine, events } = rig({ work: fakeWorker() });
    const { id } = engine.tasks.assign(all, work());
    crew(engine, ["aider"]);
    const told = only(events, "task.assigned").map(({ data }) => data.task);
    expect(told.map(({ status }) => status)).toEqual(["pending", "assigned"]);
    for (const task of told) expect(Object.keys(task)).not.toContain("work");
    expect(get(engine, id).work).toBe("function");
  });

  it("of a snapshot that does not say who works was simulated", () => {
    const first = rig();
    crew(first.engine, ["aider"]);
    const { id } = first.engine.tasks.assign(all, work());
    const { world, ...rest } = first.engine.snapshot();
    const tasks = world.tasks.map(({ task: { work: _work, ...task }, ordinal }) => ({ task, ordinal }));
    const { engine } = rig({ snapshot: { ...rest, world: { ...world, tasks } } });
    expect(get(engine, id).work).toBe("simulated");
    expect(engine.snapshot()).toEqual(first.engine.snapshot());
  });
});

describe("what a worker keeps of a task", () => {
  /** Counts to three, a second each, and says so. */
  const counting = () =>
    fakeWorker({
      begin(job) {
        job.start("thinking");
        job.keep({ count: 0, word: "Now" });
        job.wake(1_000);
      },
      wake(job) {
        const { count: before, word } = job.kept;
        const count = Number(before) + 1;
        job.write(`${String(word)} ${count}\n`);
        job.keep({ count });
        if (count < 3) job.wake(1_000);
        else job.finish(null);
      },
      wrong: ({ count }, wakes) => (typeof count === "number" && wakes ? null : "is no count that goes on"),
    });

  it("is there when it is woken, beside what it kept under other names", () => {
    const { engine, advance } = rig({ work: counting() });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    advance(2);
    expect(engine.snapshot().world.work).toEqual([{ task_id: id, kept: { count: 2, word: "Now" } }]);
    advance(1);
    expect(get(engine, id)).toMatchObject({ status: "completed", result: { execution_time: 3 } });
    expect(get(engine, id).result?.output).toBe("Now 1\nNow 2\nNow 3\n");
    expect(engine.snapshot().world.work).toEqual([]);
  });

  it("is in a snapshot, from which another goes on as the first would have", () => {
    const first = rig({ work: counting() });
    crew(first.engine, ["aider"]);
    const { id } = first.engine.tasks.assign(all, work());
    first.advance(2);
    const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
    const second = rig({ work: counting(), snapshot });
    for (const { advance } of [first, second]) advance(5);
    expect(get(second.engine, id)).toEqual(get(first.engine, id));
    expect(second.engine.snapshot()).toEqual(first.engine.snapshot());
  });

  it("is in the changes that the state is made of", () => {
    const { engine, changes, advance } = rig({ work: counting() });
    crew(engine, ["aider", "aider"]);
    engine.tasks.assign(all, work());
    advance(1);
    engine.tasks.assign(all, work());
    advance(2.5);
    const world = emptyWorld();
    for (const change of changes) apply(world, change);
    expect(saveWorld(world).work).toEqual(engine.snapshot().world.work);
    expect(saveWorld(world).work).toMatchObject([{ kept: { count: 2 } }]);
  });

  it("is changed neither by who took a snapshot nor in place", () => {
    const worker = counting();
    const { engine, advance } = rig({ work: worker });
    crew(engine, ["aider"]);
    engine.tasks.assign(all, work());
    const [saved] = engine.snapshot().world.work;
    Object.assign(saved?.kept ?? {}, { count: 100 });
    const { kept } = newest(worker.jobs);
    advance(1);
    expect(kept).toEqual({ count: 0, word: "Now" });
    expect(newest(worker.jobs).kept).toEqual({ count: 1, word: "Now" });
  });

  it("that its worker cannot read is refused with the place, and the worker's own words", () => {
    const first = rig({ work: counting() });
    crew(first.engine, ["aider"]);
    const { id } = first.engine.tasks.assign(all, work());
    const saved = first.engine.snapshot();
    const withWork = (kept: Record<string, unknown>[]) => ({
      ...saved,
      world: { ...saved.world, work: kept.map((one) => ({ task_id: id, kept: one })) },
    });
    for (const kept of [[], [{ count: "two" }]]) {
      const error = thrownBy(() => rig({ work: counting(), snapshot: withWork(kept) }));
      expect(error).toMatchObject({ name: "EngineError", code: "invalid_request" });
      expect(String(error)).toContain(`snapshot.world.work.${id}.kept.count is no count that goes on`);
    }
    const asleep = { ...saved, agenda: { ...saved.agenda, jobs: saved.agenda.jobs.slice(0, 1) } };
    expect(saved.agenda.jobs.map(({ kind }) => kind)).toEqual(["work", "timeout"]);
    expect(() => rig({ work: counting(), snapshot: asleep })).toThrow("running task");
  });
});
