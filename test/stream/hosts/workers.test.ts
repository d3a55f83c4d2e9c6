import { describe, expect, it } from "vitest";
import type { BackendOptions } from "../../../mock-server/index.js";
import { Client, hosts } from "./places.js";
import type { Json, Place } from "./places.js";

const DESK = "secret-of-a-worker";
const OTHER = "secret-of-another";
const GAME = "secret-of-a-game";

const options: BackendOptions = {
  workBy: "workers",
  clock: "manual",
  apiKeys: [
    "development-key",
    `desk:worker:${DESK}`,
    `other:worker:${OTHER}`,
    `play:game:${GAME}`,
    "watch:observer:secret-of-an-observer",
  ],
};

/** A worker's own connection: it hears nothing of the log that it would have to leave out. */
class Desk {
  readonly client: Client;
  readonly #place: Place;
  readonly #key: string;
  #commands = 0;

  constructor(place: Place, key = DESK) {
    this.#place = place;
    this.#key = key;
    this.client = new Client(place, { api_key: key, subscribe: { types: ["worker.joined"] } });
  }

  async join(body: Json = {}): Promise<string> {
    await this.client.welcomed();
    const given = { name: "desk-1", agent_types: ["aider"], slots: 2, ...body };
    return (await this.#place.call("POST", "/workers", given, this.#key)).worker_id;
  }

  /** Sends a command; what is given comes with its ack. */
  async run(method: string, params: Json, id = `c${(this.#commands += 1)}`): Promise<Json> {
    const before = this.client.frames.length;
    this.client.say({ type: "command", id, method, params });
    const ack = (): Json =>
      this.client.frames.slice(before).find((one) => one.type === "ack" && one.id === id);
    await this.client.until(() => ack() !== undefined || this.client.closed !== null);
    return ack();
  }

  claim(worker_id: string, more: Json = {}): Promise<Json> {
    return this.run("workers.claim", { worker_id, ...more });
  }

  report(task_id: string, number: number, reports: Json[], attempt = 1): Promise<Json> {
    return this.run("tasks.report", { task_id, attempt, number, reports });
  }

  finish(task_id: string, more: Json = {}): Promise<Json> {
    return this.run("tasks.finish", { task_id, attempt: 1, success: true, ...more });
  }

  get notices(): Json[] {
    return this.client.frames.filter(({ type }) => type === "notice");
  }

  /** The next notice of a name, once it is there. */
  async notice(name: string): Promise<Json> {
    const found = (): Json => this.notices.find((one) => one.name === name);
    await this.client.until(() => found() !== undefined);
    return found();
  }
}

const agent = async ({ call }: Place): Promise<string> =>
  (await call("POST", "/agents/create", { agent_type: "aider" })).agent.id;
const assign = async ({ call }: Place, body: Json = {}): Promise<string> =>
  (await call("POST", "/tasks/assign", { prompt: "Fix the jump", ...body })).task_id;
const taskOf = ({ call }: Place, id: string): Promise<Json> => call("GET", `/tasks/${id}`);

describe.each(hosts)("a worker on the event stream %s", (_name, open) => {
  const begin = async (more: BackendOptions = {}) => {
    const place = await open({ ...options, ...more });
    const desk = new Desk(place);
    return { place, desk, worker_id: await desk.join() };
  };

  /** The same with a task in its hands. */
  const busy = async (more?: BackendOptions) => {
    const begun = await begin(more);
    await agent(begun.place);
    const task = await assign(begun.place);
    const { result } = await begun.desk.claim(begun.worker_id);
    expect(result.jobs).toMatchObject([{ task: { id: task, status: "running" }, attempt: 1 }]);
    return { ...begun, task };
  };

  it("claims a task, reports, and finishes it", async () => {
    const { place, desk, task } = await busy();
    const reports = [
      { state: "coding" },
      { progress: 0.5, message: "Half" },
      { output: { text: "patched\n" } },
    ];
    expect(await desk.report(task, 1, reports)).toMatchObject({
      ok: true,
      result: { success: true, cancelled: false, questions: [], answers: [] },
    });
    expect(await taskOf(place, task)).toMatchObject({ progress: 0.5, message: "Half" });
    expect(await desk.finish(task, { output: "done\n" })).toMatchObject({
      ok: true,
      result: { success: true },
    });
    expect(await taskOf(place, task)).toMatchObject({
      status: "completed",
      result: { success: true, output: "patched\ndone\n" },
    });
  });

  it("waits with a claim until there is a task, and makes other calls meanwhile", async () => {
    const { place, desk, worker_id, task } = await busy();
    await agent(place);
    const waiting = desk.claim(worker_id, { wait_ms: 30_000 });
    expect(await desk.report(task, 1, [])).toMatchObject({ ok: true });
    const next = await assign(place);
    expect(await waiting).toMatchObject({ ok: true, result: { jobs: [{ task: { id: next } }] } });
  });

  it("hears that there is a task that it could claim", async () => {
    const { place, desk, worker_id } = await begin();
    expect((await desk.claim(worker_id)).result.jobs).toEqual([]);
    await agent(place);
    await assign(place);
    expect(await desk.notice("work.offered")).toEqual({
      type: "notice",
      name: "work.offered",
      data: { worker_id },
    });
  });

  it("hears nothing of tasks that it does not serve, nor while its slots are taken", async () => {
    const { place, desk, worker_id } = await busy();
    await agent(place);
    const second = await assign(place);
    await desk.claim(worker_id);
    const heard = desk.notices.length;
    await agent(place);
    await assign(place);
    await place.call("POST", "/agents/create", { agent_type: "claude" });
    await assign(place, { preferred_type: "claude" });
    await desk.report(second, 1, []);
    expect(desk.notices).toHaveLength(heard);
  });

  it.each([
    [
      "was cancelled",
      "cancelled",
      async (place: Place, task: string) => place.call("POST", `/tasks/${task}/cancel`, {}),
    ],
    ["took too long", "timeout", async ({ backend }: Place) => backend.clock.advance(5_000)],
  ])("hears that its task %s, and nothing of it is taken any more", async (_what, reason, end) => {
    const { place, desk, worker_id } = await begin();
    await agent(place);
    const task = await assign(place, { timeout: 5 });
    await desk.claim(worker_id);
    await end(place, task);
    expect((await desk.notice("work.cancelled")).data).toEqual({
      worker_id,
      task_id: task,
      attempt: 1,
      reason,
    });
    expect((await desk.report(task, 1, [{ output: { text: "late\n" } }])).result.cancelled).toBe(true);
    expect((await desk.finish(task)).error.code).toBe("attempt_over");
    expect((await taskOf(place, task)).result.output).toBe("");
  });

  it("hears that its tasks are others' by now when it was lost, or sent away", async () => {
    const { place, desk, worker_id, task } = await busy();
    await place.call("DELETE", `/workers/${worker_id}`);
    expect((await desk.notice("work.cancelled")).data).toEqual({
      worker_id,
      task_id: task,
      attempt: 1,
      reason: "lost",
    });
    const again = await desk.join();
    expect((await desk.claim(again)).result.jobs).toMatchObject([{ task: { id: task }, attempt: 2 }]);
    place.backend.clock.advance(30_000);
    await desk.client.until(() => desk.notices.length === 2);
    expect(desk.notices[1].data).toMatchObject({
      worker_id: again,
      task_id: task,
      attempt: 2,
      reason: "lost",
    });
  });

  it("hears nothing more of tasks that it has finished when it leaves", async () => {
    const { place, desk, worker_id, task } = await busy();
    await desk.finish(task);
    await place.call("DELETE", `/workers/${worker_id}`);
    await desk.report("task_none", 1, []);
    expect(desk.notices).toEqual([]);
  });

  it("hears of 64 workers on one connection, and of the next in the place of one that left", async () => {
    const { place, desk, worker_id } = await begin({ limits: { rate_limit_per_minute: 10_000 } });
    expect((await desk.claim(worker_id)).ok).toBe(true);
    const ids = await Promise.all(Array.from({ length: 64 }, () => desk.join()));
    for (const id of ids.slice(0, 63)) expect((await desk.claim(id)).ok).toBe(true);
    expect((await desk.claim(ids[63] ?? "")).error.code).toBe("unavailable");
    await place.call("DELETE", `/workers/${worker_id}`);
    expect((await desk.claim(ids[63] ?? "")).ok).toBe(true);
  });

  it("hears the answer to what it asked", async () => {
    const { place, desk, worker_id, task } = await busy();
    const question = { kind: "choice", text: "Red or blue?", options: ["red", "blue"] };
    const [question_id] = (await desk.report(task, 1, [{ question }])).result.questions;
    await place.call("POST", `/tasks/${task}/answer`, { question_id, choice: "red" });
    const { data } = await desk.notice("task.answered");
    expect(data).toEqual({
      worker_id,
      task_id: task,
      attempt: 1,
      question_id,
      choice: "red",
      text: null,
      by: "player",
    });
  });

  describe("that reviews", () => {
    const changes = {
      branch: "agentvm/x",
      base: "main",
      commit: null,
      files: [{ path: "player.ts", status: "modified", insertions: 1, deletions: 0 }],
      insertions: 1,
      deletions: 0,
    };

    /** What it has changed is reviewed by a command of a player's, who is not answered yet. */
    const asked = async () => {
      const place = await open(options);
      const desk = new Desk(place);
      const worker_id = await desk.join({ reviews: true });
      await agent(place);
      const task = await assign(place);
      await desk.claim(worker_id);
      await desk.finish(task, { changes });
      const player = new Client(place, { api_key: GAME, subscribe: { types: ["worker.joined"] } });
      await player.welcomed();
      const params = { task_id: task, verdict: "accept", message: "Good" };
      player.say({ type: "command", id: "review-1", method: "tasks.review", params });
      const { data } = await desk.notice("work.review");
      const ack = async (): Promise<Json> => {
        await player.until(() => player.frames.some(({ type }) => type === "ack"));
        return player.frames.find(({ type }) => type === "ack");
      };
      return { place, desk, worker_id, task, player, data, ack };
    };

    it("hears of a review of what it has changed, and says what the player's command is answered", async () => {
      const { place, desk, worker_id, task, player, data, ack } = await asked();
      expect(data).toMatchObject({
        worker_id,
        task: { id: task, changes: { branch: "agentvm/x", review: "open" }, result: null },
        verdict: "accept",
        message: "Good",
      });
      expect(player.frames.filter(({ type }) => type === "ack")).toEqual([]);
      const { review_id } = data;
      const said = await desk.run("tasks.reviewed", { task_id: task, review_id });
      expect(said).toMatchObject({ ok: true, result: { success: true } });
      expect(await ack()).toMatchObject({ ok: true, result: { changes: { review: "accepted" } } });
      expect((await taskOf(place, task)).changes.review).toBe("accepted");
      const again = await desk.run("tasks.reviewed", { task_id: task, review_id });
      expect(again.error.code).toBe("no_such_review");
    });

    it("says which files conflict, and the player's command is refused with them", async () => {
      const { place, desk, task, data, ack } = await asked();
      const { review_id } = data;
      await desk.run("tasks.reviewed", { task_id: task, review_id, conflicts: ["player.ts"] });
      expect(await ack()).toMatchObject({ ok: false, error: { code: "merge_conflict" } });
      expect((await taskOf(place, task)).changes.review).toBe("open");
    });

    it("hears of one that is not over once more when it comes back", async () => {
      const { place, worker_id, data } = await asked();
      const back = new Desk(place);
      await back.client.welcomed();
      await back.claim(worker_id);
      expect((await back.notice("work.review")).data).toEqual(data);
    });

    it("is nobody else: who claims for a worker that is not its own hears nothing of it", async () => {
      const { place, desk, worker_id, task, data } = await asked();
      const other = new Desk(place, OTHER);
      await other.client.welcomed();
      expect((await other.claim(worker_id, { wait_ms: 1_000 })).error.code).toBe("worker_not_found");
      const said = await other.run("tasks.reviewed", { task_id: task, review_id: data.review_id });
      expect(said.error.code).toBe("no_such_review");
      await desk.run("tasks.reviewed", { task_id: task, review_id: data.review_id });
      expect((await other.claim(await other.join())).ok).toBe(true);
      expect(other.notices).toEqual([]);
    });
  });

  it("that lies about its attempt is refused, and the task goes on", async () => {
    const { place, desk, task } = await busy();
    const said = [{ output: { text: "lie\n" } }];
    expect((await desk.report(task, 1, said, 9)).error).toMatchObject({ code: "attempt_over" });
    expect((await desk.finish(task, { attempt: 2 })).error.code).toBe("attempt_over");
    expect((await desk.report(task, 1, said, 0)).error.code).toBe("invalid_request");
    expect(await taskOf(place, task)).toMatchObject({ status: "running" });
    await desk.finish(task);
    expect((await taskOf(place, task)).result.output).toBe("");
  });

  it("that reports out of order or twice is taken at its word once, in order", async () => {
    const { place, desk, task } = await busy();
    const say = (number: number, text: string) => desk.report(task, number, [{ output: { text } }]);
    expect((await say(2, "two\n")).error).toMatchObject({ code: "invalid_request" });
    for (const [number, text] of [
      [1, "one\n"],
      [1, "one\n"],
      [2, "two\n"],
      [1, "one\n"],
    ] as const)
      expect(await say(number, text)).toMatchObject({ ok: true });
    await desk.finish(task);
    expect((await taskOf(place, task)).result.output).toBe("one\ntwo\n");
  });

  it("that sends the same command again, as after a lost answer, is answered the same", async () => {
    const { place, desk, task } = await busy();
    const params = { task_id: task, attempt: 1, success: true, output: "once\n" };
    const first = await desk.run("tasks.finish", params, "finish-1");
    expect(await desk.run("tasks.finish", params, "finish-1")).toEqual(first);
    expect((await taskOf(place, task)).result.output).toBe("once\n");
  });

  it("that reports in one go is heard in its order", async () => {
    const { place, desk, task } = await busy();
    const acks = [];
    for (let number = 1; number <= 50; number += 1)
      acks.push(desk.report(task, number, [{ output: { text: `${number}\n` } }]));
    expect((await Promise.all(acks)).every(({ ok }) => ok)).toBe(true);
    await desk.finish(task);
    const lines = (await taskOf(place, task)).result.output.split("\n");
    expect(lines.slice(0, -1)).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 1)));
  });

  it("that floods is refused call by call, and then cut off; its task goes to another when its lease is over", async () => {
    const { place, desk, task } = await busy({ limits: { rate_limit_per_minute: 20 } });
    const acks = [];
    for (let count = 0; count < 40; count += 1) acks.push(desk.report(task, 1, []));
    expect((await Promise.all(acks)).at(-1).error).toMatchObject({ code: "rate_limited" });
    for (let count = 0; count < 2_000; count += 1) desk.client.say({ type: "pong", t: 1 });
    expect(await desk.client.left()).toMatchObject({ code: 4429 });
    place.backend.clock.advance(31_000);
    place.backend.clock.advance(60_000);
    expect(await taskOf(place, task)).toMatchObject({ status: "assigned", attempt: 2 });
  });

  it("that is not the one who has a task can neither report, finish nor claim for it", async () => {
    const { place, desk, worker_id, task } = await busy();
    const other = new Desk(place, OTHER);
    const own = await other.join();
    expect((await other.claim(own)).result.jobs).toEqual([]);
    expect((await other.claim(worker_id)).error.code).toBe("worker_not_found");
    expect((await other.report(task, 1, [])).error.code).toBe("attempt_over");
    expect((await other.finish(task)).error.code).toBe("attempt_over");
    await place.call("POST", `/tasks/${task}/cancel`, {});
    await desk.notice("work.cancelled");
    expect((await other.claim(own)).ok).toBe(true);
    expect(other.notices).toEqual([]);
  });

  it("gets a task that two want alone", async () => {
    const { place, desk, worker_id } = await begin();
    const other = new Desk(place, OTHER);
    const own = await other.join();
    const waiting = [desk.claim(worker_id, { wait_ms: 1_000 }), other.claim(own, { wait_ms: 1_000 })];
    // Both wait once these have been answered.
    await Promise.all([desk.report("task_none", 1, []), other.report("task_none", 1, [])]);
    await agent(place);
    await assign(place);
    await Promise.race(waiting);
    place.backend.clock.advance(1_000);
    const jobs = (await Promise.all(waiting)).map(({ result }) => result.jobs.length);
    expect(jobs.sort()).toEqual([0, 1]);
  });

  it.each([
    ["of a game", GAME],
    ["of an observer", "secret-of-an-observer"],
  ])("is not who has a key %s, which is told so and stays connected", async (_whose, key) => {
    const { place, worker_id, task } = await busy();
    const wrong = new Desk(place, key);
    await wrong.client.welcomed();
    expect((await wrong.claim(worker_id)).error.code).toBe("forbidden");
    expect((await wrong.report(task, 1, [])).error.code).toBe("forbidden");
    expect((await wrong.finish(task)).error.code).toBe("forbidden");
    expect(wrong.client.closed).toBeNull();
  });

  it("may assign and cancel nothing itself", async () => {
    const { desk, task } = await busy();
    expect((await desk.run("tasks.assign", { prompt: "More" })).error.code).toBe("forbidden");
    expect((await desk.run("tasks.cancel", { task_id: task })).error.code).toBe("forbidden");
  });

  it.each([
    ["workers.claim", {}],
    ["workers.claim", { worker_id: 7 }],
    ["workers.claim", { worker_id: "worker_1", slots: 65 }],
    ["tasks.report", { task_id: "task_1", attempt: 1, number: 1, reports: [{ mood: "fine" }] }],
    ["tasks.report", { attempt: 1, number: 1, reports: [] }],
    ["tasks.finish", { task_id: "task_1", attempt: 1, success: false }],
  ])("is told what is wrong with %s %j", async (method, params) => {
    const { desk } = await begin();
    expect((await desk.run(method, params)).error).toMatchObject({ code: "invalid_request" });
  });

  it("that is cut off while a claim waits begins no task by it", async () => {
    const { place, desk, worker_id } = await begin();
    await agent(place);
    void desk.claim(worker_id, { wait_ms: 30_000 });
    await desk.report("task_none", 1, []);
    desk.client.socket.close();
    await desk.client.left();
    while (place.backend.hub.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    const task = await assign(place);
    expect(await taskOf(place, task)).toMatchObject({ status: "pending" });
    const again = new Desk(place);
    await again.client.welcomed();
    expect((await again.claim(worker_id)).result.jobs).toMatchObject([{ task: { id: task } }]);
  });

  it("that comes back hears of the tasks it has as before", async () => {
    const { place, desk, worker_id, task } = await busy();
    desk.client.socket.close();
    await desk.client.left();
    const again = new Desk(place);
    await again.client.welcomed();
    await again.claim(worker_id);
    await place.call("POST", `/tasks/${task}/cancel`, {});
    expect((await again.notice("work.cancelled")).data).toMatchObject({ task_id: task });
  });
});
