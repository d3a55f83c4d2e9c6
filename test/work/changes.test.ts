import { describe, expect, it } from "vitest";
import type { Work } from "../../mock-server/work/work.js";
import { all, crew, get, ofGame, only, rig, thrownBy, work, type RigOptions } from "../domain/support.js";
import { fakeWorker, newest } from "./fake-worker.js";

const changes = {
  branch: "agentvm/task_1",
  base: "main",
  commit: null,
  files: [{ path: "player.ts", status: "modified" as const, insertions: 2, deletions: 1 }],
  insertions: 2,
  deletions: 1,
};
const diff = "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1,2 @@\n-jump\n+jump()\n+land()\n";

/** A task of a game at work. */
function working(ways: Partial<Work> = {}, options: RigOptions = {}) {
  const worker = { ...fakeWorker(), ...ways };
  const tested = rig({ work: worker, ...options });
  tested.engine.games.connect({ game_id: "red" });
  crew(tested.engine, ["aider"], ofGame("red"));
  const { id: taskId } = tested.engine.tasks.assign(ofGame("red"), work());
  return { ...tested, taskId, job: newest(worker.jobs) };
}

/** One that has changed something. */
function changed(ways: Partial<Work> = {}) {
  const tested = working(ways);
  tested.job.finish(null, { output: "patched player.ts\n", changes, diff });
  const review = (verdict: "accept" | "discard", scope = ofGame("red")) =>
    tested.engine.tasks.review(scope, tested.taskId, { verdict });
  return { ...tested, review };
}

describe("what a task has changed", () => {
  it("is told with its end, and stays with it", () => {
    const { engine, events, taskId } = changed();
    const told = { ...changes, review: "open" };
    expect(only(events, "task.completed")[0]?.data.result).toMatchObject({
      changes: told,
      output: "patched player.ts\n",
    });
    expect(get(engine, taskId)).toMatchObject({ changes: told, result: { changes: told } });
  });

  it("is told of work that failed too", () => {
    const { job, engine, taskId } = working();
    job.finish({ code: "tests_failed", message: "Three tests fail." }, { changes });
    expect(get(engine, taskId)).toMatchObject({ status: "failed", changes: { review: "open" } });
  });

  it("can be read as a diff by who may see the task", () => {
    const { engine, taskId } = changed();
    expect(engine.tasks.diff(ofGame("red"), taskId)).toBe(diff);
    expect(thrownBy(() => engine.tasks.diff(ofGame("blue"), taskId))).toMatchObject({
      code: "task_not_found",
    });
  });

  it("is nothing while it is at work, and where it has changed nothing", () => {
    const { engine, taskId, job } = working();
    expect(String(thrownBy(() => engine.tasks.diff(all, taskId)))).toContain("is not over: it is running");
    job.finish(null);
    const error = thrownBy(() => engine.tasks.diff(all, taskId));
    expect(error).toMatchObject({ code: "no_changes" });
    expect(String(error)).toContain("has changed nothing");
    expect(thrownBy(() => engine.tasks.review(all, taskId, { verdict: "accept" }))).toMatchObject({
      code: "no_changes",
    });
  });

  it("names a thousand files, and of more the sums alone", () => {
    const { job, engine, taskId } = working();
    const [one = { path: "", status: "added" as const, insertions: 0, deletions: 0 }] = changes.files;
    const files = Array.from({ length: 1_200 }, (_, nth) => ({ ...one, path: `src/${nth}.ts` }));
    job.finish(null, { changes: { ...changes, files, insertions: 2_400 } });
    expect(get(engine, taskId).changes).toMatchObject({ insertions: 2_400 });
    expect(get(engine, taskId).changes?.files).toHaveLength(1_000);
  });

  it("is cut as a diff behind the last line that fits, with a line that says so", () => {
    const { job, engine, taskId } = working();
    job.finish(null, { changes, diff: "+äöü äöü äöü\n".repeat(100_000) });
    const kept = engine.tasks.diff(all, taskId);
    expect(new TextEncoder().encode(kept).length).toBeLessThanOrEqual(1_048_576);
    expect(kept).toMatch(/\n\+äöü äöü äöü\n\\ The diff goes on; what follows is left out here\.\n$/);
  });

  it("counts in what its game holds, and is dropped as a diff where there is no room for it", () => {
    const { job, engine, taskId } = working({}, { limits: { game_bytes: 60_000 } });
    job.finish(null, { changes, diff: "+x\n".repeat(40_000) });
    expect(get(engine, taskId).changes?.files).toHaveLength(1);
    expect(String(thrownBy(() => engine.tasks.diff(all, taskId)))).toContain("no diff is kept");
    expect(engine.storage.held("red")).toBeLessThan(60_000);
  });

  it("frees what it took when its task is forgotten", () => {
    const { job, engine, advance } = working({}, { limits: { completed_task_ttl_seconds: 60 } });
    const before = engine.storage.held("red");
    job.finish(null, { changes, diff: "+x\n".repeat(40_000) });
    expect(engine.storage.held("red")).toBeGreaterThan(before + 120_000);
    advance(61);
    expect(engine.storage.held("red")).toBeLessThan(before);
    expect(engine.snapshot().world.diffs).toEqual([]);
  });

  it("stands in a snapshot with its diff", () => {
    const { engine, taskId } = changed();
    const { engine: other } = rig({
      work: fakeWorker(),
      snapshot: JSON.parse(JSON.stringify(engine.snapshot())),
    });
    expect(other.tasks.diff(all, taskId)).toBe(diff);
    expect(other.storage.held("red")).toBe(engine.storage.held("red"));
  });

  it.each<[string, object, string]>([
    [
      "a file of a status that is none",
      { changes: { ...changes, files: [{ ...changes.files[0], status: "eaten" }] } },
      "outcome.changes.files.0.status",
    ],
    [
      "lines that are less than none",
      { changes: { ...changes, insertions: -1 } },
      "outcome.changes.insertions",
    ],
    ["a diff without changes", { diff }, "outcome.diff"],
    ["something else beside it", { result: 7 }, "outcome.result"],
  ])("with %s is refused, and the task goes on", (_what, outcome, place) => {
    const { job, engine, taskId } = working();
    const error = thrownBy(() => job.finish(null, outcome));
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(String(error)).toContain(place);
    expect(get(engine, taskId).status).toBe("running");
  });
});

describe("a review", () => {
  it.each([
    ["accept", "accepted"],
    ["discard", "discarded"],
  ] as const)("to %s has the changes %s for everybody", (verdict, review) => {
    const { engine, events, taskId, ...tested } = changed();
    expect(tested.review(verdict)).toEqual({ ...changes, review });
    expect(get(engine, taskId).result?.changes?.review).toBe(review);
    expect(
      only(events, "task.reviewed").map(({ data, game_id }) => [data.task_id, data.changes.review, game_id]),
    ).toEqual([[taskId, review, "red"]]);
  });

  it("that says the same again says what is so already, and nobody is told", () => {
    const { review, events } = changed();
    review("accept");
    expect(review("accept")?.review).toBe("accepted");
    expect(only(events, "task.reviewed")).toHaveLength(1);
  });

  it("that says another thing than the first is told of that one, which counts", () => {
    const { review, engine, taskId } = changed();
    review("discard");
    const error = thrownBy(() => review("accept"));
    expect(error).toMatchObject({ code: "already_reviewed" });
    expect(String(error)).toContain("is discarded already, and stays so");
    expect(get(engine, taskId).changes?.review).toBe("discarded");
  });

  it("by another game finds no such task", () => {
    const { review } = changed();
    expect(thrownBy(() => review("accept", ofGame("blue")))).toMatchObject({ code: "task_not_found" });
  });

  it("goes to who has worked, with what was said", () => {
    const asked: unknown[] = [];
    const { engine, taskId } = changed({
      review: ({ id }, verdict, message) => {
        asked.push([id, verdict, message]);
        return [];
      },
    });
    engine.tasks.review(all, taskId, { verdict: "discard", message: "Too much of it" });
    expect(asked).toEqual([[taskId, "discard", "Too much of it"]]);
  });

  it("that cannot be done says which files conflict, and changes nothing", () => {
    let conflicts = ["player.ts", "level.ts"];
    const { review, engine, taskId, events } = changed({ review: () => conflicts });
    const error = thrownBy(() => review("accept"));
    expect(error).toMatchObject({
      code: "merge_conflict",
      detail: [{ loc: ["changes", "files", "player.ts"] }, { loc: ["changes", "files", "level.ts"] }],
    });
    expect(String(error)).toContain("does not fit 'main' any more: player.ts, level.ts");
    expect(get(engine, taskId).changes?.review).toBe("open");
    expect(only(events, "task.reviewed")).toEqual([]);
    conflicts = [];
    expect(review("accept")?.review).toBe("accepted");
  });
});

describe("work that goes on with other work", () => {
  it("goes to the agent that did that, and waits for it", () => {
    const { engine, job, taskId } = working();
    crew(engine, ["claude"], ofGame("red"));
    const next = engine.tasks.assign(ofGame("red"), work({ continues: taskId }));
    expect(next).toMatchObject({ agent_id: job.agent.id, status: "assigned", continues: taskId });
    job.finish(null);
    expect(get(engine, next.id).status).toBe("running");
  });

  it("goes to whom it is given, or to another one where that agent is gone", () => {
    const { engine, job, taskId } = working();
    const [other = ""] = crew(engine, ["claude"], ofGame("red"));
    engine.agents.remove(all, job.agent.id);
    const next = engine.tasks.assign(all, work({ continues: taskId }));
    expect(next).toMatchObject({ agent_id: other, game_id: "red", continues: taskId });
  });

  it("is refused where the task is another game's, or there is none", () => {
    const { engine, taskId } = working();
    const [foreign = ""] = crew(engine, ["aider"], ofGame("blue"));
    const assign = (body: object, scope = all) => thrownBy(() => engine.tasks.assign(scope, work(body)));
    expect(assign({ continues: taskId }, ofGame("blue"))).toMatchObject({ code: "task_not_found" });
    expect(assign({ continues: "task_none" })).toMatchObject({ code: "task_not_found" });
    const error = assign({ continues: taskId, agent_id: foreign });
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(String(error)).toContain("body.continues is a task of another game than the agent's");
  });
});
