import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import {
  CancelledError,
  ConflictError,
  ContractError,
  NotFoundError,
  ServerError,
  TimeoutError,
} from "../../src/index.js";
import type { TaskProgress } from "../../src/index.js";
import { cut, failure, json, scriptedFetch, someResult, taskAnswer } from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { waysToBackend } from "./transports.js";

describe.each(waysToBackend)("a task handle of an AgentVM %s", (_name, make) => {
  let backend: MockBackend | undefined;
  afterEach(() => backend?.close());

  const onBackend = () => {
    const own = (backend = createMockBackend({ seed: 11, clock: "manual" }));
    return { backend: own, agentvm: make({ ...own.connection(), clock: own.clock }) };
  };
  const scripted = (...acts: Act[]) => {
    const clock = manualClock();
    const script = scriptedFetch(...acts);
    return { clock, ...script, agentvm: make({ fetch: script.fetch, clock, retries: 0 }) };
  };
  const completed = json(taskAnswer({ status: "completed", progress: 1, result: someResult }));

  it("gives the result when the task is over", async () => {
    const {
      agentvm,
      backend: { clock },
    } = onBackend();
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({
      agent_id: agent.id,
      prompt: "Fix the jump",
      task_type: "debugging",
    });
    const result = await inTime(clock, task.result(), 500);
    const now = await agentvm.tasks.get(task.id);
    expect(now.status).toBe(result.success ? "completed" : "failed");
    expect(now.result).toEqual(result);
    await agentvm.close();
  });

  it("gives the result of a task that was cancelled", async () => {
    const {
      agentvm,
      backend: { clock },
    } = onBackend();
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    const result = task.result();
    await expect(task.cancel("Not needed")).resolves.toMatchObject({ status: "cancelled" });
    expect(await inTime(clock, result)).toMatchObject({ success: false, error: { code: "cancelled" } });
    expect(await rejectionOf(task.cancel())).toBeInstanceOf(ConflictError);
    await agentvm.close();
  });

  it("tells the progress, each state once, to the end", async () => {
    const {
      agentvm,
      backend: { clock },
    } = onBackend();
    await agentvm.agents.create("opencode");
    const task = await agentvm.tasks.assign({ prompt: "Build a bridge", task_type: "feature_development" });
    const told: TaskProgress[] = [];
    const all = (async () => {
      for await (const progress of task.progress()) told.push(progress);
    })();
    await inTime(clock, all, 250);
    expect(told.length).toBeGreaterThan(2);
    expect(["completed", "failed"]).toContain(told.at(-1)?.status);
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(told.length);
    const shares = told.map(({ progress }) => progress);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    await agentvm.close();
  });

  it("asks once for all who wait", async () => {
    const { agentvm, clock, seen } = scripted(json(taskAnswer()), completed);
    const task = agentvm.tasks.handle("task_1");
    const other = agentvm.tasks.handle("task_1");
    const results = await inTime(clock, Promise.all([task.result(), task.result(), other.result()]));
    expect(results).toEqual([someResult, someResult, someResult]);
    expect(seen).toHaveLength(2);
  });

  it("asks nothing more once it knows the end", async () => {
    const { agentvm, seen } = scripted(completed);
    const task = agentvm.tasks.handle("task_1");
    await task.result();
    await task.result();
    for await (const progress of task.progress()) expect(progress.status).toBe("completed");
    expect(seen).toHaveLength(1);
  });

  it("asks less often while nothing happens, and as often as at first after a change", async () => {
    const times: number[] = [];
    const quiet = json(taskAnswer());
    const clock = manualClock();
    const { fetch } = scriptedFetch(
      ...Array.from({ length: 9 }, () => quiet),
      json(taskAnswer({ progress: 0.5 })),
      json(taskAnswer({ progress: 0.5 })),
      completed,
    );
    const agentvm = make({
      clock,
      fetch: (input, init) => {
        times.push(clock.now());
        return fetch(input, init);
      },
    });
    await inTime(clock, agentvm.tasks.handle("task_1").result(), 1);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits.slice(0, 4)).toEqual([200, 300, 450, 675]);
    expect(waits.slice(0, 9).at(-1)).toBe(2_000);
    expect(waits[9]).toBe(200);
  });

  it("stops asking when nobody waits any more", async () => {
    const { agentvm, clock, seen } = scripted(json(taskAnswer()));
    const controller = new AbortController();
    const waiting = rejectionOf(agentvm.tasks.handle("task_1").result({ signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await waiting).toBeInstanceOf(CancelledError);
    const asked = seen.length;
    clock.advance(60_000);
    await settle();
    expect(seen.length).toBe(asked);
  });

  it("stops asking when a loop over its progress is left", async () => {
    const { agentvm, clock, seen } = scripted(json(taskAnswer()));
    for await (const progress of agentvm.tasks.handle("task_1").progress()) {
      expect(progress.status).toBe("running");
      break;
    }
    const asked = seen.length;
    clock.advance(60_000);
    await settle();
    expect(seen.length).toBe(asked);
  });

  it("goes on for others when one of them waits no longer", async () => {
    const { agentvm, clock } = scripted(json(taskAnswer()), json(taskAnswer()), completed);
    const controller = new AbortController();
    const task = agentvm.tasks.handle("task_1");
    const leaving = rejectionOf(task.result({ signal: controller.signal }));
    const staying = task.result();
    await settle();
    controller.abort();
    expect(await leaving).toBeInstanceOf(CancelledError);
    expect(await inTime(clock, staying)).toEqual(someResult);
  });

  it("waits no longer than it is told, and the task goes on", async () => {
    const { agentvm, clock } = scripted(json(taskAnswer()));
    const before = clock.now();
    const error = await inTime(
      clock,
      rejectionOf(agentvm.tasks.handle("task_1").result({ timeoutMs: 5_000 })),
      50,
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(clock.now() - before).toBe(5_000);
  });

  it("can be waited for again after the time was over", async () => {
    const { agentvm, clock } = scripted(json(taskAnswer()), completed);
    const task = agentvm.tasks.handle("task_1");
    await inTime(clock, rejectionOf(task.result({ timeoutMs: 100 })), 10);
    expect(await inTime(clock, task.result())).toEqual(someResult);
  });

  it("says at once that there is no such task", async () => {
    const { agentvm } = scripted(failure("task_not_found", 404));
    expect(await rejectionOf(agentvm.tasks.handle("task_9").result())).toBeInstanceOf(NotFoundError);
  });

  it("outlives a server that is away for a moment", async () => {
    const { agentvm, clock } = scripted(json(taskAnswer()), cut, failure("unavailable", 503), completed);
    expect(await inTime(clock, agentvm.tasks.handle("task_1").result())).toEqual(someResult);
  });

  it("waits as long as a busy server asks", async () => {
    const { agentvm, clock } = scripted(failure("rate_limited", 429, { "retry-after": "30" }), completed);
    const before = clock.now();
    await inTime(clock, agentvm.tasks.handle("task_1").result());
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it("gives up on a server that stays away, with its last error", async () => {
    const { agentvm, clock } = scripted(failure("unavailable", 503));
    expect(await inTime(clock, rejectionOf(agentvm.tasks.handle("task_1").result()))).toBeInstanceOf(
      ServerError,
    );
  });

  it("says when a task ended without a result", async () => {
    const { agentvm } = scripted(json(taskAnswer({ status: "failed" })));
    expect(await rejectionOf(agentvm.tasks.handle("task_1").result())).toBeInstanceOf(ContractError);
  });

  it("of a team stands in the order of the answer, and its results too", async () => {
    const {
      agentvm,
      backend: { clock },
    } = onBackend();
    for (const type of ["aider", "opencode", "claude"]) await agentvm.agents.create(type);
    const team = await agentvm.tasks.assignTeam({ prompt: "Add multiplayer", team_size: 3 });
    const listed = await agentvm.tasks.list({ team_id: team.id });
    expect(team.tasks.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
    const results = await inTime(clock, team.results(), 500);
    const ended = await Promise.all(team.tasks.map(({ id }) => agentvm.tasks.get(id)));
    expect(results).toEqual(ended.map(({ result }) => result));
    await agentvm.close();
  });
});
