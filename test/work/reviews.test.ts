import { describe, expect, it } from "vitest";
import { slowReviews } from "../../mock-server/domain/slow-reviews.js";
import { workerCalls } from "../../mock-server/domain/workers.js";
import type { Engine, Scope } from "../../mock-server/domain/index.js";
import type { ReviewEnded } from "../../mock-server/work/work.js";
import type { Changes, TaskReviewBody } from "../../src/contract/index.js";
import {
  all,
  crew,
  get,
  ofGame,
  only,
  rig,
  thrownBy,
  work,
  type Rig,
  type RigOptions,
} from "../domain/support.js";
import { fakeWorker, newest } from "./fake-worker.js";

const changes = {
  branch: "agentvm/task_1",
  base: "main",
  commit: null,
  files: [{ path: "player.ts", status: "modified" as const, insertions: 2, deletions: 1 }],
  insertions: 2,
  deletions: 1,
};

/** What is told of reviews, in short: that one begins, how one is over. */
function heard({ engine }: Rig): string[] {
  const told: string[] = [];
  engine.extend(slowReviews).onNews((news) => {
    told.push("begun" in news ? `begun ${news.begun.verdict}` : (news.error?.code ?? "done"));
  });
  return told;
}

/** Reviews as a call does: null where it takes time, and is begun. */
function reviewed(engine: Engine, scope: Scope, taskId: string, body: TaskReviewBody): Changes | null {
  const changes = engine.tasks.review(scope, taskId, body);
  if (changes === null) engine.extend(slowReviews).begin(scope, taskId, body);
  return changes;
}

/** A task that has changed something, and one who takes time to review it. */
function changed(options: RigOptions = {}) {
  const asked: { readonly what: unknown; readonly ended: ReviewEnded }[] = [];
  const worker = fakeWorker();
  const slow = {
    ...worker,
    reviewsLater: () => true,
    carryOut: (
      task: { readonly id: string },
      verdict: string,
      message: string | null,
      ended: ReviewEnded,
    ) => {
      asked.push({ what: [task.id, verdict, message], ended });
    },
  };
  const tested = rig({ work: slow, ...options });
  tested.engine.games.connect({ game_id: "red" });
  crew(tested.engine, ["aider"], ofGame("red"));
  const { id: taskId } = tested.engine.tasks.assign(ofGame("red"), work());
  newest(worker.jobs).finish(null, { changes });
  const review = (verdict: "accept" | "discard", message?: string) =>
    reviewed(tested.engine, ofGame("red"), taskId, { verdict, ...(message !== undefined && { message }) });
  return { ...tested, slow, asked, taskId, review, told: heard(tested) };
}

describe("a review that takes time", () => {
  it("leaves the changes open until it is done, and then they are reviewed for everybody", () => {
    const { engine, events, taskId, review, asked, told } = changed();
    expect(review("accept", "Good")).toBeNull();
    expect(asked.map(({ what }) => what)).toEqual([[taskId, "accept", "Good"]]);
    expect(get(engine, taskId).changes?.review).toBe("open");
    expect(only(events, "task.reviewed")).toEqual([]);
    expect(asked[0]?.ended({ conflicts: [] })).toBe(true);
    expect(review("accept")).toMatchObject({ review: "accepted" });
    expect(only(events, "task.reviewed")).toHaveLength(1);
    expect(told).toEqual(["begun accept", "done"]);
  });

  it("is waited for by whoever says the same meanwhile, and whoever says another thing is refused", () => {
    const { review, asked, told } = changed();
    review("discard");
    expect(review("discard")).toBeNull();
    const refused = thrownBy(() => review("accept"));
    expect(refused).toMatchObject({ code: "review_under_way" });
    expect(String(refused)).toContain("is being discarded");
    expect(asked).toHaveLength(1);
    expect(told).toEqual(["begun discard"]);
  });

  it("that ends in conflicts changes nothing, and can be asked for again", () => {
    const { engine, events, taskId, review, asked, told } = changed();
    review("accept");
    asked[0]?.ended({ conflicts: ["player.ts"] });
    expect(told).toEqual(["begun accept", "merge_conflict"]);
    expect(get(engine, taskId).changes?.review).toBe("open");
    review("discard");
    asked[1]?.ended({ conflicts: [] });
    expect(get(engine, taskId).changes?.review).toBe("discarded");
    expect(only(events, "task.reviewed")).toHaveLength(1);
  });

  it("that fails says why, and changes nothing", () => {
    const { engine, taskId, review, asked } = changed();
    const errors: (string | undefined)[] = [];
    engine.extend(slowReviews).onNews((news) => {
      if ("error" in news) errors.push(news.error?.message);
    });
    review("accept");
    asked[0]?.ended({ error: "git is broken." });
    expect(errors).toEqual([`What the task '${taskId}' has changed could not be reviewed: git is broken.`]);
    expect(get(engine, taskId).changes?.review).toBe("open");
  });

  it("ends once: what is said of it later is not taken, of the next one either", () => {
    const { engine, taskId, review, asked, told } = changed();
    review("accept");
    asked[0]?.ended({ conflicts: ["player.ts"] });
    expect(asked[0]?.ended({ conflicts: [] })).toBe(false);
    review("discard");
    expect(asked[0]?.ended({ conflicts: [] })).toBe(false);
    expect(get(engine, taskId).changes?.review).toBe("open");
    expect(told).toEqual(["begun accept", "merge_conflict", "begun discard"]);
  });

  it("is given up after a minute of silence, with the changes open", () => {
    const { engine, taskId, advance, review, asked, told } = changed();
    review("accept");
    advance(59.9);
    expect(told).toEqual(["begun accept"]);
    advance(0.1);
    expect(told).toEqual(["begun accept", "review_timeout"]);
    expect(asked[0]?.ended({ conflicts: [] })).toBe(false);
    expect(get(engine, taskId).changes?.review).toBe("open");
    review("accept");
    asked[1]?.ended({ conflicts: [] });
    expect(get(engine, taskId).changes?.review).toBe("accepted");
  });

  it("of a task that is forgotten meanwhile is over, and its answer is not taken", () => {
    const { engine, advance, review, asked, told, taskId } = changed({
      limits: { completed_task_ttl_seconds: 10 },
    });
    review("accept");
    advance(11);
    expect(asked[0]?.ended({ conflicts: [] })).toBe(false);
    advance(60);
    expect(told).toEqual(["begun accept", "done"]);
    expect(thrownBy(() => review("accept"))).toMatchObject({ code: "task_not_found" });
    expect(engine.snapshot().world.reviews.filter(({ task_id }) => task_id === taskId)).toEqual([]);
  });

  it("that was under way in a snapshot is asked for once more, with what it had left of its time", () => {
    const { engine, advance, review, slow, asked, taskId } = changed();
    review("accept", "Good");
    advance(50);
    const { engine: next, ...tested } = rig({
      work: slow,
      snapshot: JSON.parse(JSON.stringify(engine.snapshot())),
    });
    const told = heard({ engine: next, ...tested });
    expect(asked.map(({ what }) => what)).toEqual([
      [taskId, "accept", "Good"],
      [taskId, "accept", "Good"],
    ]);
    tested.advance(9.9);
    expect(told).toEqual([]);
    expect(asked[1]?.ended({ conflicts: [] })).toBe(true);
    expect(get(next, taskId).changes?.review).toBe("accepted");
  });

  it("is refused in a snapshot that gives it no end, or no task", () => {
    const { engine, review } = changed();
    review("accept");
    const { agenda, ...saved } = engine.snapshot();
    const jobs = agenda.jobs.filter(({ kind }) => kind !== "review");
    const endless = thrownBy(() => rig({ snapshot: { ...saved, agenda: { ...agenda, jobs } } }));
    expect(String(endless)).toContain("world.reviews.0 has no end in agenda.jobs");
    const reviews = saved.world.reviews.map((one) => ({ ...one, task_id: "task_none" }));
    const due = agenda.jobs.map((job) => (job.kind === "review" ? { ...job, id: "task_none" } : job));
    const orphan = thrownBy(() =>
      rig({ snapshot: { ...saved, world: { ...saved.world, reviews }, agenda: { ...agenda, jobs: due } } }),
    );
    expect(String(orphan)).toContain("world.reviews.0.task_id names no task");
  });
});

describe("a review of what a worker has changed", () => {
  const body = { agent_types: ["*"], slots: 1 };

  /** A task that a worker has done, who reviews it. */
  function done(joining: { readonly reviews?: boolean } = { reviews: true }) {
    const tested = rig({ work: fakeWorker({ kind: "worker", begin: () => undefined }) });
    const { engine } = tested;
    const workers = engine.extend(workerCalls);
    const join = (name = "desk", owner = "key:2", more: object = joining) =>
      workers.join(owner, { ...body, name, ...more }).worker_id;
    const worker_id = join();
    crew(engine, ["aider"]);
    const { id: taskId } = engine.tasks.assign(all, work());
    workers.claim("key:2", worker_id, { slots: 1, wait_ms: 0 });
    workers.finish("key:2", taskId, { attempt: 1, success: true, changes });
    const review = (verdict: "accept" | "discard" = "accept") => reviewed(engine, all, taskId, { verdict });
    const said = (review_id: string, by: string | null = "key:2", more: object = {}) =>
      workers.reviewed(by, taskId, { review_id, ...more });
    const asked = (worker: string) => workers.reviewsOf(worker).map(({ review_id }) => review_id);
    return { ...tested, workers, worker_id, taskId, join, review, said, asked, told: heard(tested) };
  }

  it("is asked of that worker, with the task as it stands, and ends as it says", () => {
    const { engine, workers, worker_id, taskId, review, said, told } = done();
    expect(review("discard")).toBeNull();
    const [asked] = workers.reviewsOf(worker_id);
    expect(asked).toMatchObject({
      verdict: "discard",
      message: null,
      task: { id: taskId, status: "completed", changes, result: null },
    });
    const review_id = asked?.review_id ?? "";
    expect(workers.reviewsOf(worker_id, [review_id])).toEqual([]);
    said(review_id);
    expect(get(engine, taskId).changes?.review).toBe("discarded");
    expect(workers.reviewsOf(worker_id)).toEqual([]);
    expect(told).toEqual(["begun discard", "done"]);
  });

  it("is done at once where the worker does not review", () => {
    const { review } = done({});
    expect(review()).toMatchObject({ review: "accepted" });
  });

  it("names the worker that is missing, and takes the next one of its name and key", () => {
    const { engine, workers, worker_id, taskId, join, review, said, asked } = done();
    workers.leave("key:2", worker_id);
    join("other");
    join("desk", "key:3");
    join("desk", "key:2", {});
    const missing = thrownBy(() => review());
    expect(missing).toMatchObject({ code: "review_failed" });
    expect(String(missing)).toContain("The worker 'desk', which did the task and keeps what it has changed");
    expect(get(engine, taskId).changes?.review).toBe("open");
    join();
    const newest = join();
    expect(review()).toBeNull();
    said(asked(newest)[0] ?? "");
    expect(get(engine, taskId).changes?.review).toBe("accepted");
  });

  it("fails when the worker is lost meanwhile, and another of its name goes on where there is one", () => {
    const { workers, worker_id, join, review, said, asked, told } = done();
    review();
    const [first = ""] = asked(worker_id);
    const second = join();
    workers.leave("key:2", worker_id);
    const [passed = ""] = asked(second);
    expect(thrownBy(() => said(first))).toMatchObject({ code: "no_such_review" });
    expect(told).toEqual(["begun accept", "begun accept"]);
    workers.leave("key:2", second);
    expect(told).toEqual(["begun accept", "begun accept", "review_failed"]);
    expect(thrownBy(() => said(passed))).toMatchObject({ code: "no_such_review" });
  });

  it("is taken from the key of that worker and from an admin, once, and by its own id", () => {
    const { review, said, asked, worker_id, workers, taskId } = done();
    expect(thrownBy(() => said("review_none"))).toMatchObject({ code: "no_such_review" });
    review();
    const [id = ""] = asked(worker_id);
    expect(thrownBy(() => said("review_none"))).toMatchObject({ code: "no_such_review" });
    expect(thrownBy(() => said(id, "key:3"))).toMatchObject({ code: "no_such_review" });
    expect(thrownBy(() => workers.reviewed("key:2", "task_none", { review_id: id }))).toMatchObject({
      code: "task_not_found",
    });
    said(id, null, { conflicts: ["player.ts"] });
    expect(thrownBy(() => said(id))).toMatchObject({ code: "no_such_review" });
    expect(String(thrownBy(() => said(id)))).toContain(
      `of the task '${taskId}'. What it has changed is open.`,
    );
  });

  it("stays asked of it in a snapshot", () => {
    const { engine, worker_id, review, taskId, asked } = done();
    review();
    const tested = rig({
      work: fakeWorker({ kind: "worker" }),
      snapshot: JSON.parse(JSON.stringify(engine.snapshot())),
    });
    const workers = tested.engine.extend(workerCalls);
    expect(workers.reviewsOf(worker_id).map(({ review_id }) => review_id)).toEqual(asked(worker_id));
    workers.reviewed("key:2", taskId, { review_id: asked(worker_id)[0] ?? "" });
    expect(get(tested.engine, taskId).changes?.review).toBe("accepted");
  });
});
