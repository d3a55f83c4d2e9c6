import { describe, expect, it, onTestFinished } from "vitest";
import { startObserver } from "../../src/worker.js";
import type { WorkJob } from "../../src/worker.js";
import { all } from "../domain/support.js";
import { inTime } from "../sdk/time.js";
import { workerRig, WORKER_KEY } from "./rig.js";

/** An observer at a server whose clock stands still, and turns that end when they are told to. */
async function observing() {
  const rig = await workerRig();
  const { backend, server } = rig;
  backend.engine.agents.remove(all, rig.agent.id);
  const observer = await inTime(
    backend.clock,
    startObserver({
      endpoint: server.url,
      apiKey: WORKER_KEY,
      name: "watch",
      clock: backend.clock,
    }),
  );
  onTestFinished(() => inTime(backend.clock, observer.stop()));
  const jobs: WorkJob[] = [];
  const begin = (prompt: string) => {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const told = observer.begin("s-1", {
      prompt,
      async work(_task, job) {
        jobs.push(job);
        job.state("coding");
        await over;
        return { output: "Done.\n" };
      },
    });
    return () => {
      end();
      told();
    };
  };
  return {
    ...rig,
    observer,
    jobs,
    begin,
    agents: () => backend.engine.agents.list(all, {}).items,
    tasks: () => backend.engine.tasks.list(all, {}).items,
  };
}

const session = { id: "s-1", agentType: "claude", name: "my-game" };

describe("an observer", () => {
  it("shows a session from its beginning to its end, and each turn as a task that is observed", async () => {
    const { observer, begin, agents, tasks, until } = await observing();
    observer.see(session);
    await until(() => agents().length === 1);
    expect(agents()).toMatchObject([{ name: "my-game", type: "claude", state: "idle" }]);
    const first = begin("Fix the jump");
    await until(() => agents()[0]?.state === "coding");
    expect(tasks()).toMatchObject([{ prompt: "Fix the jump", status: "running", work: "observed" }]);
    first();
    await until(() => tasks()[0]?.status === "completed");
    expect(agents()).toMatchObject([{ state: "idle" }]);
    const second = begin("And the double jump?");
    await until(() => tasks()[1]?.status === "running");
    second();
    await until(() => tasks()[1]?.status === "completed");
    observer.leave("s-1");
    await until(() => agents().length === 0);
  });

  it("begins a turn when the one before is over, and shows one that was over at once", async () => {
    const { observer, begin, tasks, until } = await observing();
    observer.see(session);
    const first = begin("One");
    first();
    await until(() => tasks()[0]?.status === "completed");
    const second = begin("Two");
    await until(() => tasks()[1]?.status === "running");
    const third = begin("Three");
    second();
    await until(() => tasks()[2]?.prompt === "Three");
    expect(tasks()[1]).toMatchObject({ prompt: "Two", status: "completed" });
    third();
  });

  it("shows what goes on in a game that comes later too", async () => {
    const { observer, begin, agents, jobs, backend, until } = await observing();
    observer.see(session);
    const end = begin("Fix the jump");
    await until(() => agents()[0]?.state === "coding");
    const { game_id } = backend.engine.games.connect({});
    await until(() => jobs.length === 2 && agents()[0]?.state === "coding");
    expect(agents()).toMatchObject([{ game_id, state: "coding" }]);
    end();
  });

  it("leaves a turn alone that the player has cancelled, and shows the next one", async () => {
    const { observer, begin, agents, tasks, jobs, backend, until } = await observing();
    observer.see(session);
    const first = begin("One");
    await until(() => jobs.length === 1 && agents()[0]?.state === "coding");
    backend.engine.tasks.cancel(all, tasks()[0]?.id ?? "", null);
    await until(() => jobs[0]?.signal.aborted === true);
    expect(agents()).toMatchObject([{ state: "idle" }]);
    first();
    const second = begin("Two");
    await until(() => tasks()[1]?.status === "running");
    second();
  });

  it("joins again where it was taken for lost, and shows all of it once", async () => {
    const { observer, begin, agents, jobs, backend, until } = await observing();
    observer.see(session);
    const end = begin("One");
    await until(() => agents()[0]?.state === "coding");
    backend.clock.advance(120_000);
    await until(() => jobs.length > 1 && agents()[0]?.state === "coding");
    expect(agents()).toHaveLength(1);
    end();
  });

  it("has all leave when it is stopped", async () => {
    const { observer, begin, agents, backend, until } = await observing();
    observer.see(session);
    begin("One");
    await until(() => agents()[0]?.state === "coding");
    await inTime(backend.clock, observer.stop());
    expect(agents()).toEqual([]);
  });
});
