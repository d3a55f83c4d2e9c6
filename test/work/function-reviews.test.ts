import { describe, expect, it } from "vitest";
import { createMockBackend, WorkFailure } from "../../mock-server/index.js";
import type { BackendOptions, Work, WorkReview } from "../../mock-server/index.js";
import { rejectionOf } from "../sdk/time.js";
import { AgentVM } from "../../src/index.js";
import { workRig } from "./rig.js";

const changing: Work = () => ({ diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jump\n+jump()\n" });

/** A task on which a function has worked, and who plays. */
async function changed(review: WorkReview | undefined, more: BackendOptions = {}) {
  const rig = await workRig({ work: changing, ...(review !== undefined && { review }), ...more });
  const id = await rig.assign();
  await rig.settled();
  const agentvm = new AgentVM({ ...rig.backend.connection(), clock: rig.backend.wallClock, retries: 0 });
  return { ...rig, id, task: agentvm.tasks.handle(id), reviewed: () => rig.now(id).changes?.review };
}

describe("a function that reviews", () => {
  it("takes in what was changed, with all that is known of the task and what was said", async () => {
    const asked: unknown[] = [];
    const { task, id } = await changed(async ({ id: of, changes, result }, verdict, message) => {
      asked.push([of, changes?.files[0]?.path, result?.success, verdict, message]);
    });
    expect(await task.accept("Good")).toMatchObject({ review: "accepted" });
    expect(asked).toEqual([[id, "player.ts", true, "accept", "Good"]]);
  });

  it("may take its time, or none, and everybody is answered once it is done", async () => {
    let done: () => void = () => undefined;
    const { task, reviewed, settled } = await changed(() => new Promise((resolve) => (done = resolve)));
    const both = Promise.all([task.discard(), task.discard("Once more")]);
    await settled();
    expect(reviewed()).toBe("open");
    done();
    expect(await both).toMatchObject([{ review: "discarded" }, { review: "discarded" }]);
    const { task: quick } = await changed(() => undefined);
    expect(await quick.accept()).toMatchObject({ review: "accepted" });
  });

  it("gives the files in conflict, and nothing is changed", async () => {
    const { task, reviewed } = await changed((_task, verdict) => (verdict === "accept" ? ["player.ts"] : []));
    expect(await rejectionOf(task.accept())).toMatchObject({
      code: "merge_conflict",
      detail: [{ loc: ["changes", "files", "player.ts"] }],
    });
    expect(reviewed()).toBe("open");
    expect(await task.discard()).toMatchObject({ review: "discarded" });
  });

  it("says in its own words why it could not be done", async () => {
    const { task, reviewed } = await changed(() => {
      throw new WorkFailure("git", "The worktree is gone.");
    });
    const refused = await rejectionOf(task.accept());
    expect(refused).toMatchObject({ code: "review_failed", retryable: false });
    expect(String(refused)).toContain("could not be reviewed: The worktree is gone.");
    expect(reviewed()).toBe("open");
  });

  it("that is never done is waited for a minute of the backend's clock", async () => {
    const { task, backend, settled, reviewed } = await changed(() => new Promise(() => undefined));
    const refused = rejectionOf(task.accept());
    await settled();
    backend.clock.advance(60_000);
    expect(await refused).toMatchObject({ code: "review_timeout", status: 504, retryable: false });
    expect(reviewed()).toBe("open");
  });

  it("is asked once more by a backend that comes back from a snapshot", async () => {
    const { task, backend, settled, id } = await changed(() => new Promise(() => undefined));
    void rejectionOf(task.accept("Good"));
    await settled();
    const asked: unknown[] = [];
    const next = createMockBackend({
      clock: "manual",
      snapshot: JSON.parse(JSON.stringify(backend.snapshot())),
      work: changing,
      review: ({ id: of }, verdict, message) => void asked.push([of, verdict, message]),
    });
    const agentvm = new AgentVM({ ...next.connection(), clock: next.wallClock });
    expect(await agentvm.tasks.handle(id).accept()).toMatchObject({ review: "accepted" });
    expect(asked).toEqual([[id, "accept", "Good"]]);
  });

  it("ends those who wait when its backend is closed", async () => {
    const { task, backend, settled } = await changed(() => new Promise(() => undefined));
    const refused = rejectionOf(task.accept());
    await settled();
    backend.close();
    expect(String(await refused)).toContain("closed");
  });

  it("is not needed: without one all is reviewed at once", async () => {
    expect(await (await changed(undefined)).task.accept()).toMatchObject({ review: "accepted" });
  });

  it("is refused without work, and where it is none", () => {
    expect(() => createMockBackend({ review: () => [] })).toThrow("'review' is for what 'work' has changed");
    expect(() => createMockBackend({ work: changing, review: Object("merge") })).toThrow(
      "'review' must be a function",
    );
  });
});
