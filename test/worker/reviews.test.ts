import { describe, expect, it, onTestFinished } from "vitest";
import { AgentVM, ConflictError, ServerError } from "../../src/index.js";
import { WorkFailure } from "../../src/worker.js";
import type { Work, WorkerOptions, WorkReview } from "../../src/worker.js";
import { inTime, rejectionOf } from "../sdk/time.js";
import { workerRig, WORKER_KEY } from "./rig.js";

const changing: Work = () => ({ diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jump\n+jump()\n" });

/** A function that hands out what it was asked for, and is told by the test what it comes to. */
function held() {
  const asked: { readonly task: string; readonly verdict: string; end(conflicts?: string[]): void }[] = [];
  const review: WorkReview = (task, verdict) =>
    new Promise((resolve) => {
      asked.push({ task: task.id, verdict, end: resolve });
    });
  return { asked, review };
}

/** A worker that reviews, a task of its that has changed something, and who plays. */
async function reviewRig(given: Partial<WorkerOptions> & { readonly review: WorkReview }) {
  const rigged = await workerRig();
  const { server, backend, assign, over, now } = rigged;
  const start = (more: Partial<WorkerOptions> = {}) => rigged.start({ work: changing, ...given, ...more });
  const worker = await start();
  const id = assign();
  await over(id);
  const agentvm = new AgentVM({
    endpoint: server.url,
    apiKey: "development-key",
    clock: backend.clock,
    events: false,
  });
  onTestFinished(() => agentvm.close());
  const task = agentvm.tasks.handle(id);
  const said = <T>(call: Promise<T>) => inTime(backend.clock, call);
  return { ...rigged, start, worker, id, task, said, review: () => now(id).changes?.review };
}

const ways: readonly (readonly [string, Partial<WorkerOptions>])[] = [
  ["over the event stream", {}],
  ["over HTTP alone", { events: false }],
];

describe.each(ways)("a worker that reviews %s", (_name, way) => {
  it("takes in what its task has changed, and the player's call waits for it", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    const accepted = rig.task.accept("Good");
    await rig.until(() => asked.length > 0);
    expect(asked).toMatchObject([{ task: rig.id, verdict: "accept" }]);
    expect(rig.review()).toBe("open");
    asked[0]?.end();
    expect(await rig.said(accepted)).toMatchObject({ review: "accepted", files: [{ path: "player.ts" }] });
    expect(asked).toHaveLength(1);
  });

  it("gives the files in conflict, and nothing is changed", async () => {
    const rig = await reviewRig({
      ...way,
      review: async (_task, verdict) => (verdict === "accept" ? ["player.ts"] : undefined),
    });
    const refused = await rig.said(rejectionOf(rig.task.accept()));
    expect(refused).toBeInstanceOf(ConflictError);
    expect(refused).toMatchObject({
      code: "merge_conflict",
      detail: [{ loc: ["changes", "files", "player.ts"] }],
    });
    expect(rig.review()).toBe("open");
    expect(await rig.said(rig.task.discard("Too late"))).toMatchObject({ review: "discarded" });
  });

  it.each<[string, () => unknown, string]>([
    [
      "the words of a failure",
      () => {
        throw new WorkFailure("git", "The worktree is gone.");
      },
      "could not be reviewed: The worktree is gone.",
    ],
    [
      "an error's message without the key",
      () => {
        throw new Error(`401 for ${WORKER_KEY}`);
      },
      "could not be reviewed: 401 for [redacted]",
    ],
    ["what it gives that is no list of files", () => "player.ts", "conflicts"],
  ])("tells the player %s, and the changes stay open", async (_what, review, words) => {
    const rig = await reviewRig({ ...way, review: Object(review) });
    const refused = await rig.said(rejectionOf(rig.task.accept()));
    expect(refused).toMatchObject({ code: "review_failed", status: 409 });
    expect(String(refused)).toContain(words);
    expect(rig.review()).toBe("open");
  });

  it("is asked while all its slots are taken", async () => {
    const rig = await reviewRig({
      ...way,
      review: () => undefined,
      work: async (task, job) => {
        if (task.prompt === "Wait") await job.wait(100_000_000);
        return changing(task, job);
      },
    });
    const long = rig.assign({ prompt: "Wait", timeout: 3_600 });
    await rig.until(() => rig.now(long).status === "running");
    expect(await rig.said(rig.task.accept())).toMatchObject({ review: "accepted" });
    expect(rig.now(long).status).toBe("running");
  });

  it("is missed by its name when it is gone, and the next one of its name goes on for it", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    await rig.said(rig.worker.stop());
    expect(String(await rig.said(rejectionOf(rig.task.accept())))).toContain("The worker 'desk-1'");
    await rig.start();
    const accepted = rig.task.accept();
    await rig.until(() => asked.length > 0);
    asked[0]?.end();
    expect(await rig.said(accepted)).toMatchObject({ review: "accepted" });
  });

  it("that dies meanwhile has not done it, as far as is known", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    const refused = rejectionOf(rig.task.accept());
    await rig.until(() => asked.length > 0);
    await rig.said(rig.worker.stop({ graceMs: 0 }));
    expect(String(await rig.said(refused))).toContain("was lost while it reviewed");
    expect(rig.review()).toBe("open");
    asked[0]?.end();
    await rig.start();
    expect(rig.review()).toBe("open");
  });

  it("that says nothing for a minute is waited for no longer", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    const refused = await rig.said(rejectionOf(rig.task.accept()));
    expect(refused).toBeInstanceOf(ServerError);
    expect(refused).toMatchObject({ code: "review_timeout", retryable: false, outcome: "unknown" });
    expect(rig.review()).toBe("open");
    // One after the other: it may be at the first one still.
    const accepted = rig.task.accept();
    asked[0]?.end();
    await rig.until(() => asked.length > 1);
    asked[1]?.end();
    expect(await rig.said(accepted)).toMatchObject({ review: "accepted" });
  });

  it("ends its reviews before it leaves", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    const accepted = rig.task.accept();
    await rig.until(() => asked.length > 0);
    const stopped = rig.worker.stop();
    asked[0]?.end();
    await rig.said(stopped);
    expect(await rig.said(accepted)).toMatchObject({ review: "accepted" });
  });

  it("is taken at its word by a server that began anew meanwhile", async () => {
    const { asked, review } = held();
    const rig = await reviewRig({ ...way, review });
    const broken = rejectionOf(rig.task.accept(undefined, { idempotencyKey: "one" }));
    await rig.until(() => asked.length > 0);
    rig.backend.restart({ snapshot: rig.backend.snapshot() });
    asked[0]?.end();
    await rig.until(() => rig.review() === "accepted");
    expect(asked).toHaveLength(1);
    await rig.said(Promise.race([broken, rig.task.accept()]));
  });
});

describe("a worker that does not review", () => {
  it("is not asked: what its tasks have changed is reviewed at once", async () => {
    const { server, backend, start, assign, over } = await workerRig();
    await start({ work: changing });
    const id = assign();
    await over(id);
    const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key", clock: backend.clock });
    onTestFinished(() => agentvm.close());
    expect(await inTime(backend.clock, agentvm.tasks.handle(id).accept())).toMatchObject({
      review: "accepted",
    });
  });
});
