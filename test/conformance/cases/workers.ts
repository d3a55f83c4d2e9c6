import { expect } from "vitest";
import type { World } from "../world.js";
import { locations } from "../world.js";
import type { CasesOf } from "./case.js";
import {
  asked,
  changes,
  claim,
  finish,
  joined,
  options,
  other,
  reviewable,
  reviewed,
  reviewsOf,
  worker,
} from "./worker-calls.js";

/**
 * A claim that waits. It is not read with the others, since which answer comes first is a host's own; comes back when the server has it,
 * with what it will come to.
 */
async function waitingClaim(world: World, id: string, signal?: AbortSignal) {
  await world.advance(1);
  const before = await seenAt(world, id);
  const body = { wait_ms: 30_000 };
  const jobs = world
    .open("POST", `/workers/${id}/claim`, { as: worker, body }, signal)
    .then(async (response) => (await response.json()).jobs);
  jobs.catch(() => undefined);
  await heardOf(world, id, before);
  return { jobs };
}

/** Comes back when something was heard of a worker since. */
async function heardOf(world: World, id: string, before: string): Promise<void> {
  if ((await seenAt(world, id)) === before) await heardOf(world, id, before);
}

/** When a worker was heard of last, as somebody else asks. */
async function seenAt(world: World, id: string): Promise<string> {
  const answer = await world.open("GET", "/workers", { as: { key: "secret-of-an-observer" } });
  const workers: { worker_id: string; last_seen_at: string }[] = await answer.json();
  return workers.find(({ worker_id }) => worker_id === id)?.last_seen_at ?? "";
}

/** A task in the hands of a worker. */
async function held(world: World) {
  const worker_id = await joined(world);
  const agent = await world.agent();
  const task = await world.task({ agent_id: agent });
  expect(await claim(world, worker_id)).toMatchObject([{ task: { id: task }, attempt: 1 }]);
  return { worker_id, agent, task };
}

const report = (world: World, task: string, number: number, reports: unknown[], attempt = 1) =>
  world.ok("POST", `/tasks/${task}/report`, { as: worker, body: { attempt, number, reports } });

/** The routes of those who do the work. */
export const workerCases: CasesOf<
  "workerList" | "workerJoin" | "workerClaim" | "workerLeave" | "taskReport" | "taskFinish" | "taskReviewed"
> = {
  workerList: {
    options,
    sample: async (world) => {
      await joined(world, { version: "1.0", labels: { zone: "north" } });
      return { path: "/workers" };
    },
    errors: {},
    behaviours: {
      "tells who is there, what they serve, and how much they have to do": async (world) => {
        const { worker_id } = await held(world);
        await joined(world, { name: "desk-2", agent_types: ["*"], slots: 1 });
        expect(await world.ok("GET", "/workers", { as: { key: "secret-of-an-observer" } })).toMatchObject([
          { worker_id, name: "desk-1", agent_types: ["aider"], slots: 2, busy: 1, version: null, labels: {} },
          { name: "desk-2", agent_types: ["*"], slots: 1, busy: 0 },
        ]);
      },
      "is not for a game's session, nor are the events about workers": async (world) => {
        const { as } = await world.game();
        await joined(world);
        await world.fails("forbidden", "GET", "/workers", { as });
        expect(world.events().filter(({ type }) => type === "worker.joined")).toMatchObject([
          { game_id: null, data: { worker: { name: "desk-1" } } },
        ]);
      },
    },
  },
  workerJoin: {
    options,
    sample: async () => ({ path: "/workers", body: { name: "desk-1", agent_types: ["claude"], slots: 2 } }),
    badBodies: {
      "no name": [{ agent_types: ["claude"] }, ["body", "name"]],
      "no types": [{ name: "d", agent_types: [] }, ["body", "agent_types"]],
      "a type of two words": [{ name: "d", agent_types: ["two words"] }, ["body", "agent_types", 0]],
      "no slots": [{ name: "d", agent_types: ["*"], slots: 0 }, ["body", "slots"]],
      "too many slots": [{ name: "d", agent_types: ["*"], slots: 65 }, ["body", "slots"]],
      "labels that are no text": [
        { name: "d", agent_types: ["*"], labels: { a: 1 } },
        ["body", "labels", "a"],
      ],
      "an unknown field": [{ name: "d", agent_types: ["*"], speed: 1 }, ["body", "speed"]],
    },
    errors: {},
    behaviours: {
      "tells how long a worker may be silent, and takes one that is silent longer for lost": {
        options: { limits: { lease_seconds: 10 } },
        run: async (world) => {
          const body = { name: "desk-1", agent_types: ["*"] };
          const { worker_id, lease_seconds } = await world.ok("POST", "/workers", { as: worker, body });
          expect(lease_seconds).toBe(10);
          await world.advance(9_000);
          await claim(world, worker_id);
          await world.advance(9_000);
          expect(await world.ok("GET", "/workers")).toHaveLength(1);
          await world.advance(1_000);
          expect(await world.ok("GET", "/workers")).toEqual([]);
          expect(world.events().at(-1)).toMatchObject({
            type: "worker.left",
            data: { worker_id, name: "desk-1", reason: "lost" },
          });
        },
      },
    },
  },
  workerClaim: {
    options,
    sample: async (world) => {
      const worker_id = await joined(world);
      await world.agent();
      await world.task();
      return { path: `/workers/${worker_id}/claim`, body: { slots: 1, wait_ms: 0 } };
    },
    badBodies: {
      "a wait of a minute": [{ wait_ms: 60_000 }, ["body", "wait_ms"]],
      "a wait of less than nothing": [{ wait_ms: -1 }, ["body", "wait_ms"]],
      "more slots than the worker has": [{ slots: 3 }, ["body", "slots"]],
      "an unknown field": [{ count: 1 }, ["body", "count"]],
    },
    errors: {
      worker_not_found: async (world) => {
        const worker_id = await joined(world);
        await world.fails("worker_not_found", "POST", "/workers/worker_none/claim", { as: worker, body: {} });
        // A worker is its own key's.
        await world.fails("worker_not_found", "POST", `/workers/${worker_id}/claim`, { as: other, body: {} });
        await world.ok("POST", `/workers/${worker_id}/claim`, { body: {} });
      },
    },
    behaviours: {
      "lets a task wait that says which worker is missing, and begins it with the claim": async (world) => {
        const agent = await world.agent();
        const chosen = await world.task({ agent_id: agent });
        const anybodys = await world.task({ priority: 9 });
        expect(await world.ok("GET", `/tasks/${chosen}`)).toMatchObject({
          status: "assigned",
          work: "worker",
          message: "Waiting for a worker that serves 'aider'.",
        });
        expect(await world.ok("GET", `/tasks/${anybodys}`)).toMatchObject({
          status: "pending",
          agent_id: null,
          work: "worker",
          message: "Waiting for a worker that serves 'aider'.",
        });
        const none = await joined(world, { agent_types: ["claude"] });
        expect(await claim(world, none)).toEqual([]);
        const worker_id = await joined(world);
        const [job] = await claim(world, worker_id, { slots: 2 });
        expect(job).toMatchObject({
          task: { id: anybodys, status: "running", agent_id: agent },
          agent: { id: agent, state: "thinking", current_task_id: anybodys },
          attempt: 1,
          continues: null,
          lease_expires_at: "2026-01-01T00:00:30.000Z",
        });
        // Its one agent is busy.
        expect(await world.ok("GET", `/tasks/${chosen}`)).toMatchObject({ status: "assigned" });
        await finish(world, anybodys);
        expect(await claim(world, worker_id)).toMatchObject([{ task: { id: chosen } }]);
        await world.advance(29_000);
        expect(await world.ok("GET", `/tasks/${chosen}`)).toMatchObject({ status: "running" });
      },
      "simulates nothing, however long a task waits": async (world) => {
        await world.agent();
        const task = await world.task();
        await world.advance(3_600_000);
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "pending", progress: 0 });
      },
      "gives a task to one worker alone, and no worker more than it has slots": async (world) => {
        for (let count = 0; count < 5; count += 1) await world.agent();
        for (let count = 0; count < 5; count += 1) await world.task();
        const ids = [await joined(world), await joined(world, {}, other), await joined(world)];
        const jobs = [
          ...(await claim(world, ids[0] ?? "", { slots: 2 })),
          ...(await claim(world, ids[1] ?? "", { slots: 2 }, other)),
          ...(await claim(world, ids[0] ?? "", { slots: 2 })),
          ...(await claim(world, ids[2] ?? "", { slots: 2 })),
        ];
        expect(jobs).toHaveLength(5);
        expect(new Set(jobs.map(({ task }: { task: { id: string } }) => task.id)).size).toBe(5);
      },
      "lets games take turns, and within a game priority and age decide": async (world) => {
        const [busy, quiet] = [await world.game("busy"), await world.game("quiet")];
        for (const { as } of [busy, busy, quiet, quiet]) await world.agent({}, as);
        const tasks = [];
        for (const priority of [1, 5, 1]) tasks.push(await world.task({ priority }, busy.as));
        tasks.push(await world.task({}, quiet.as), await world.task({}, quiet.as));
        const worker_id = await joined(world, { slots: 1 });
        const order = [];
        for (let count = 0; count < 5; count += 1) {
          const [{ task }] = await claim(world, worker_id);
          order.push(tasks.indexOf(task.id));
          await finish(world, task.id);
        }
        expect(order).toEqual([1, 3, 0, 4, 2]);
      },
      "prefers the type that was asked for": async (world) => {
        await world.agent({ agent_type: "aider" });
        const claude = await world.agent({ agent_type: "claude" });
        await world.task({ preferred_type: "claude", task_type: "debugging" });
        const worker_id = await joined(world, { agent_types: ["*"] });
        expect(await claim(world, worker_id)).toMatchObject([{ agent: { id: claude } }]);
      },
      "waits until there is a task": async (world) => {
        const worker_id = await joined(world);
        await world.agent();
        const { jobs } = await waitingClaim(world, worker_id);
        const task = await world.task();
        expect(await jobs).toMatchObject([{ task: { id: task, status: "running" } }]);
      },
      "waits no longer than it was told to, by the backend's clock, and is not taken for silent meanwhile":
        async (world) => {
          const worker_id = await joined(world);
          let answered = false;
          const { jobs } = await waitingClaim(world, worker_id);
          void jobs.then(() => (answered = true));
          await world.advance(29_999);
          await world.ok("GET", "/workers");
          expect(answered).toBe(false);
          await world.advance(1);
          expect(await jobs).toEqual([]);
          expect(await world.ok("GET", "/workers")).toMatchObject([{ worker_id }]);
        },
      "gives the tasks that wait to those who wait, each once": async (world) => {
        for (let count = 0; count < 2; count += 1) await world.agent();
        const ids = [await joined(world), await joined(world)];
        const waiting = [];
        for (const id of ids) waiting.push((await waitingClaim(world, id)).jobs);
        const tasks = [await world.task(), await world.task()];
        const jobs = (await Promise.all(waiting)).flat();
        expect(jobs.map(({ task }) => task.id).sort()).toEqual([...tasks].sort());
      },
      "ends the wait at once when the caller leaves, and gives the task to the next": async (world) => {
        const [gone, there] = [await joined(world), await joined(world)];
        await world.agent();
        const left = new AbortController();
        const { jobs } = await waitingClaim(world, gone, left.signal);
        await world.advance(1);
        const before = await seenAt(world, gone);
        left.abort();
        await expect(jobs).rejects.toMatchObject({ name: "AbortError" });
        // That it is gone is heard in a turn of its own.
        await heardOf(world, gone, before);
        await world.task();
        expect(await claim(world, there)).toHaveLength(1);
      },
      "gives a task again to a worker that may not have had the answer, and none to anybody else": async (
        world,
      ) => {
        const { worker_id, task } = await held(world);
        expect(await claim(world, worker_id)).toEqual([]);
        await world.advance(10_000);
        expect(await claim(world, worker_id)).toMatchObject([{ task: { id: task }, attempt: 1 }]);
        await report(world, task, 1, []);
        await world.advance(10_000);
        expect(await claim(world, worker_id)).toEqual([]);
      },
    },
  },
  workerLeave: {
    options,
    sample: async (world) => ({ path: `/workers/${await joined(world)}`, as: worker }),
    errors: {
      worker_not_found: async (world) => {
        const worker_id = await joined(world);
        await world.fails("worker_not_found", "DELETE", `/workers/${worker_id}`, { as: other });
        await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
        await world.fails("worker_not_found", "DELETE", `/workers/${worker_id}`, { as: worker });
      },
    },
    behaviours: {
      "gives what the worker had back, as the next attempt of the same agent, which is idle until then":
        async (world) => {
          const { worker_id, agent, task } = await held(world);
          await report(world, task, 1, [{ progress: 0.5, message: "Half of it" }]);
          await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
          expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({
            status: "assigned",
            agent_id: agent,
            attempt: 2,
            progress: 0,
            started_at: null,
          });
          expect((await world.ok("GET", `/agents/${agent}`)).agent).toMatchObject({
            state: "idle",
            current_task_id: null,
          });
          expect(world.events().slice(-3)).toMatchObject([
            { type: "worker.left", game_id: null, data: { worker_id, reason: "left" } },
            { type: "agent.state_changed", data: { agent_id: agent, state: "idle" } },
            { type: "task.assigned", data: { task: { id: task, attempt: 2 } } },
          ]);
          const next = await joined(world);
          expect(await claim(world, next)).toMatchObject([{ task: { id: task }, attempt: 2 }]);
        },
      "fails a task whose workers were lost as often as may be": {
        options: { limits: { max_attempts: 1 } },
        run: async (world) => {
          const { worker_id, agent, task } = await held(world);
          await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
          const { status, result } = await world.ok("GET", `/tasks/${task}`);
          expect([status, result.error.code]).toEqual(["failed", "worker_lost"]);
          expect((await world.ok("GET", `/agents/${agent}`)).agent.state).toBe("idle");
        },
      },
    },
  },
  taskReport: {
    options,
    sample: async (world) => {
      const { task } = await held(world);
      return {
        path: `/tasks/${task}/report`,
        body: { attempt: 1, number: 1, reports: [{ state: "coding" }] },
      };
    },
    badBodies: {
      "no attempt": [{ number: 1, reports: [] }, ["body", "attempt"]],
      "a report that skips one": [{ attempt: 1, number: 2, reports: [] }, ["body", "number"]],
      "a report of nothing known": [
        { attempt: 1, number: 1, reports: [{ mood: "fine" }] },
        ["body", "reports", 0],
      ],
      "a state that is the domain's to say": [
        { attempt: 1, number: 1, reports: [{ state: "waiting" }] },
        ["body", "reports", 0],
      ],
      "more output than one piece may have": [
        { attempt: 1, number: 1, reports: [{ output: { text: "x".repeat(65_537) } }] },
        ["body", "reports", 0, "output", "text"],
      ],
      "too many reports": [
        { attempt: 1, number: 1, reports: Array.from({ length: 101 }, () => ({ state: "coding" })) },
        ["body", "reports"],
      ],
    },
    errors: {
      task_not_found: async (world) => {
        const body = { attempt: 1, number: 1, reports: [] };
        await world.fails("task_not_found", "POST", "/tasks/task_none/report", { as: worker, body });
      },
      attempt_over: async (world) => {
        const { worker_id, task } = await held(world);
        const path = `/tasks/${task}/report`;
        const body = { attempt: 1, number: 1, reports: [{ state: "coding" }] };
        await world.fails("attempt_over", "POST", path, { as: other, body });
        const lie = { ...body, attempt: 7 };
        const refused = await world.fails("attempt_over", "POST", path, { as: worker, body: lie });
        expect(refused.error).toContain("is none: the task is in attempt 1");
        await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
        const next = await joined(world);
        await claim(world, next);
        const late = await world.fails("attempt_over", "POST", path, { as: worker, body });
        expect(late.error).toContain("given on, and is in attempt 2");
        expect((await world.ok("GET", `/tasks/${task}`)).message).toBe("The agent has begun.");
      },
    },
    behaviours: {
      "tells the player what the worker says, in its order": async (world) => {
        const { task, agent } = await held(world);
        const reports = [
          { state: "coding" },
          { position: { x: 1, y: 0, z: 2 } },
          { progress: 0.25, message: "A quarter" },
          { output: { stream: "stderr", text: "careful\n" } },
          { output: { text: "patched player.ts\n" } },
          { message: "still there" },
          { usage: { input_tokens: 5, output_tokens: 7, cost_usd: null, model: "m" } },
          { agent: { child: "c1", name: "Helper", state: "thinking" } },
        ];
        expect(await report(world, task, 1, reports)).toMatchObject({ cancelled: false, answers: [] });
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({
          progress: 0.25,
          message: "still there",
          usage: { input_tokens: 5, output_tokens: 7 },
        });
        const agents = await world.ok("GET", "/agents");
        expect(agents).toMatchObject([
          { id: agent, state: "coding", position: { x: 1, y: 0, z: 2 } },
          { name: "Helper", parent_agent_id: agent, state: "thinking" },
        ]);
        await report(world, task, 2, [{ agent: { child: "c1", gone: true } }]);
        expect(await world.ok("GET", "/agents")).toHaveLength(1);
        await finish(world, task);
        const { result } = await world.ok("GET", `/tasks/${task}`);
        expect(result).toMatchObject({ success: true, output: "patched player.ts\n" });
      },
      "takes a number that comes twice once": async (world) => {
        const { task } = await held(world);
        const said = [{ output: { text: "once\n" } }];
        const first = await report(world, task, 1, said);
        expect(await report(world, task, 1, said)).toEqual(first);
        await finish(world, task);
        expect((await world.ok("GET", `/tasks/${task}`)).result.output).toBe("once\n");
      },
      "asks the player, and tells the worker what came of it with the next report": async (world) => {
        const { task, agent } = await held(world);
        const question = { kind: "choice", text: "Red or blue?", options: ["red", "blue"], seconds: 5 };
        const asked = await report(world, task, 1, [{ question }]);
        const [question_id] = asked.questions;
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ question: { question_id } });
        expect((await world.ok("GET", `/agents/${agent}`)).agent.state).toBe("waiting");
        // The same again tells the same question.
        expect((await report(world, task, 1, [{ question }])).questions).toEqual([question_id]);
        await world.advance(5_000);
        const answer = { question_id, choice: null, text: null, by: "time" };
        expect(await report(world, task, 2, [])).toMatchObject({ answers: [answer], questions: [] });
        expect((await world.ok("GET", `/agents/${agent}`)).agent.state).toBe("thinking");
      },
      "refuses a second question while one is open, and then nothing of that report has happened": async (
        world,
      ) => {
        const { task } = await held(world);
        const question = { kind: "text", text: "How high?" };
        const [question_id] = (await report(world, task, 1, [{ question }])).questions;
        const body = { attempt: 1, number: 2, reports: [{ output: { text: "lost\n" } }, { question }] };
        const path = `/tasks/${task}/report`;
        const refused = await world.fails("invalid_request", "POST", path, { as: worker, body });
        expect(locations(refused)).toEqual([["body", "reports", 1, "question"]]);
        await report(world, task, 2, [{ question_withdrawn: question_id }, { question }]);
        await finish(world, task);
        expect((await world.ok("GET", `/tasks/${task}`)).result.output).toBe("");
      },
      "says that a task was cancelled, or took too long, and takes nothing more": async (world) => {
        const { worker_id, task, agent } = await held(world);
        await world.ok("POST", `/tasks/${task}/cancel`, { body: {} });
        expect((await world.ok("GET", `/agents/${agent}`)).agent.state).toBe("idle");
        const said = [{ output: { text: "too late\n" } }];
        expect(await report(world, task, 1, said)).toMatchObject({ cancelled: true });
        const slow = await world.task({ agent_id: agent, timeout: 5 });
        expect(await claim(world, worker_id)).toMatchObject([{ task: { id: slow } }]);
        await world.advance(5_000);
        expect(await report(world, slow, 1, said)).toMatchObject({ cancelled: true });
        for (const ended of [task, slow])
          expect((await world.ok("GET", `/tasks/${ended}`)).result.output).toBe("");
      },
      "keeps the worker's lease, and so the task, for as long as there are reports": async (world) => {
        const { task } = await held(world);
        for (let number = 1; number <= 5; number += 1) {
          await world.advance(29_000);
          const { lease_expires_at } = await report(world, task, number, []);
          expect(Date.parse(lease_expires_at) - Date.UTC(2026, 0, 1)).toBe(number * 29_000 + 30_000);
        }
        await world.advance(30_000);
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "assigned", attempt: 2 });
      },
    },
  },
  taskFinish: {
    options,
    sample: async (world) => {
      const { task } = await held(world);
      return {
        path: `/tasks/${task}/finish`,
        body: { attempt: 1, success: true, output: "Done.\n" },
      };
    },
    badBodies: {
      "no success": [{ attempt: 1 }, ["body", "success"]],
      "a failure without an error": [{ attempt: 1, success: false }, ["body", "error"]],
      "a success with an error": [
        { attempt: 1, success: true, error: { code: "a", message: "b" } },
        ["body", "error"],
      ],
    },
    errors: {
      task_not_found: async (world) => {
        const body = { attempt: 1, success: true };
        await world.fails("task_not_found", "POST", "/tasks/task_none/finish", { as: worker, body });
      },
      attempt_over: async (world) => {
        const { agent, task } = await held(world);
        const body = { attempt: 1, success: true };
        await world.ok("POST", `/tasks/${task}/cancel`, { body: {} });
        const late = await world.fails("attempt_over", "POST", `/tasks/${task}/finish`, { as: worker, body });
        expect(late.error).toContain("the task is cancelled");
        const waiting = await world.task({ agent_id: agent });
        await world.fails("attempt_over", "POST", `/tasks/${waiting}/finish`, { as: worker, body });
      },
    },
    behaviours: {
      "fails a task in the worker's words, and frees agent and slot for the next": async (world) => {
        const { worker_id, agent, task } = await held(world);
        const next = await world.task({ agent_id: agent });
        const error = { code: "tests_failed", message: "3 tests fail." };
        await finish(world, task, { success: false, error, output: "no\n" });
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({
          status: "failed",
          message: "3 tests fail.",
          result: { success: false, error, output: "no\n" },
        });
        expect(await claim(world, worker_id)).toMatchObject([{ task: { id: next } }]);
      },
      "ends a task once": async (world) => {
        const { task } = await held(world);
        await finish(world, task);
        const body = { attempt: 1, success: false, error: { code: "late", message: "Late." } };
        await world.fails("attempt_over", "POST", `/tasks/${task}/finish`, { as: worker, body });
        const ends = world.events().filter(({ type }) => /^task\.(completed|failed|cancelled)$/.test(type));
        expect(ends).toHaveLength(1);
      },
      "tells what was changed, for the player to see": async (world) => {
        const { task } = await held(world);
        await finish(world, task, { changes, diff: "+jump()\n" });
        expect((await world.ok("GET", `/tasks/${task}`)).result).toMatchObject({
          changes: { ...changes, review: "open" },
        });
      },
    },
  },
  taskReviewed: {
    options,
    sample: async (world) => {
      const { task, review_id } = await asked(world);
      return { path: `/tasks/${task}/reviewed`, body: { review_id } };
    },
    badBodies: {
      "no review": [{}, ["body", "review_id"]],
      "a conflict without a name": [{ review_id: "r", conflicts: [""] }, ["body", "conflicts", 0]],
      "an error without words": [{ review_id: "r", error: {} }, ["body", "error", "message"]],
      "conflicts and an error": [
        { review_id: "r", conflicts: ["a"], error: { message: "b" } },
        ["body", "error"],
      ],
      "an unknown field": [{ review_id: "r", verdict: "accept" }, ["body", "verdict"]],
    },
    errors: {
      task_not_found: async (world) => {
        const body = { review_id: "review_none" };
        await world.fails("task_not_found", "POST", "/tasks/task_none/reviewed", { as: worker, body });
      },
      no_such_review: async (world) => {
        const first = await reviewable(world);
        const path = `/tasks/${first.task}/reviewed`;
        const none = { as: worker, body: { review_id: "review_none" } };
        await world.fails("no_such_review", "POST", path, none);
        const { task, review_id, answered } = await asked(world);
        const body = { review_id };
        await world.fails("no_such_review", "POST", path, { as: worker, body });
        await world.fails("no_such_review", "POST", `/tasks/${task}/reviewed`, { as: other, body });
        await reviewed(world, task, body);
        expect((await answered).status).toBe(200);
        await world.fails("no_such_review", "POST", `/tasks/${task}/reviewed`, { as: worker, body });
      },
    },
    behaviours: {
      "is asked of the worker with its claim, and the player's call waits for what it says": async (
        world,
      ) => {
        const { worker_id, task } = await reviewable(world);
        const answered = world.open("POST", `/tasks/${task}/review`, {
          body: { verdict: "discard", message: "Too much of it" },
        });
        const [review] = await reviewsOf(world, worker_id);
        expect(review).toMatchObject({
          verdict: "discard",
          message: "Too much of it",
          task: { id: task, status: "completed", changes: { review: "open" }, result: null },
        });
        const { review_id } = review;
        const again = { as: worker, body: { reviews: [review_id] } };
        expect(await world.ok("POST", `/workers/${worker_id}/claim`, again)).toMatchObject({ reviews: [] });
        expect(await world.ok("POST", `/workers/${worker_id}/claim`, { as: worker, body: {} })).toEqual({
          success: true,
          jobs: [],
        });
        expect((await world.ok("GET", `/tasks/${task}`)).changes.review).toBe("open");
        expect(await reviewed(world, task, { review_id })).toEqual({ success: true });
        const response = await answered;
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ task_id: task, changes: { review: "discarded" } });
        expect(world.events().at(-1)).toMatchObject({ type: "task.reviewed", data: { task_id: task } });
      },
      "says which files conflict, and nothing is changed": async (world) => {
        const { task, review_id, answered } = await asked(world);
        await reviewed(world, task, { review_id, conflicts: ["player.ts", "level.ts"] });
        expect(await answered).toMatchObject({
          status: 409,
          body: { code: "merge_conflict", detail: [{ loc: ["changes", "files", "player.ts"] }, {}] },
        });
        expect((await world.ok("GET", `/tasks/${task}`)).changes.review).toBe("open");
        expect(world.events().filter(({ type }) => type === "task.reviewed")).toEqual([]);
      },
      "says in its own words why it could not be done": async (world) => {
        const { task, review_id, answered } = await asked(world);
        await reviewed(world, task, { review_id, error: { message: "The worktree is gone." } });
        const { status, body } = await answered;
        expect([status, body.code]).toEqual([409, "review_failed"]);
        expect(body.error).toContain("could not be reviewed: The worktree is gone.");
        expect((await world.ok("GET", `/tasks/${task}`)).changes.review).toBe("open");
      },
      "is the answer of all who have said the same, and whoever says another thing is refused": async (
        world,
      ) => {
        const { task, review_id, answered } = await asked(world);
        const path = `/tasks/${task}/review`;
        const requests = [
          { id: "one", method: "GET", path: `/tasks/${task}` },
          { id: "two", method: "POST", path, body: { verdict: "accept" } },
        ];
        const headers = { "Idempotency-Key": "a-batch" };
        await world.fails("review_under_way", "POST", path, { body: { verdict: "discard" } });
        const batch = world.open("POST", "/batch", { body: { requests }, headers });
        await reviewed(world, task, { review_id });
        const accepted = { changes: { review: "accepted" } };
        expect(await answered).toMatchObject({ status: 200, body: accepted });
        const responses = [
          { id: "one", status: 200 },
          { id: "two", status: 200, body: accepted },
        ];
        expect(await (await batch).json()).toMatchObject({ responses });
        expect(await world.ok("POST", "/batch", { body: { requests }, headers })).toMatchObject({
          responses,
        });
        expect(world.events().filter(({ type }) => type === "task.reviewed")).toHaveLength(1);
      },
      "fails when the worker is gone, and names it": async (world) => {
        const { worker_id, answered } = await asked(world);
        await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
        const { status, body } = await answered;
        expect([status, body.code]).toEqual([409, "review_failed"]);
        expect(body.error).toContain("The worker 'desk-1' was lost while it reviewed.");
      },
    },
  },
};
