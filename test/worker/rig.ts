import { onTestFinished } from "vitest";
import { createRandom } from "../../mock-server/domain/index.js";
import type { MockServerOptions } from "../../mock-server/node.js";
import { startWorker } from "../../src/worker.js";
import type { RunningWorker, WorkerOptions } from "../../src/worker.js";
import { all, work } from "../domain/support.js";
import { startServer } from "../hosts/node/server.js";
import { inTime, settle } from "../sdk/time.js";

/** A key that may do the work on tasks, and nothing else. */
export const WORKER_KEY = "secret-of-a-worker";

/** A server behind a port whose tasks are done by workers, on a clock that stands still, and one agent. */
export async function workerRig(options: MockServerOptions = {}) {
  const server = await startServer({
    workBy: "workers",
    // It would be packed beside, and the clock here run on meanwhile.
    compression: false,
    apiKeys: ["development-key", `desk:worker:${WORKER_KEY}`],
    ...options,
  });
  const { backend } = server;
  const workers: RunningWorker[] = [];
  // One for all workers: their calls have keys of their own.
  const chance = createRandom(7);
  onTestFinished(async () => {
    for (const worker of workers) await inTime(backend.clock, worker.stop({ graceMs: 0 }));
    await server.close({ graceMs: 0 });
  });
  const agent = backend.engine.agents.create(all, { agent_type: "custom" });
  const now = (id: string) => backend.engine.tasks.get(all, id);
  /** Calls that are under way, but for those that wait for work. */
  let calls = 0;
  const counted: typeof fetch = async (input, init) => {
    if (typeof input === "string" && input.endsWith("/claim")) return fetch(input, init);
    calls += 1;
    try {
      const answer = await fetch(input, init);
      return new Response(await answer.arrayBuffer(), answer);
    } finally {
      calls -= 1;
    }
  };
  /** Moves the clock on, bit by bit, until something is so. Calls have some turns to be answered before. */
  const until = async (isSo: () => boolean, stepMs = 50): Promise<void> => {
    for (let step = 0; !isSo(); step += 1) {
      if (step > 5_000) throw new Error(`Not so after ${step} steps.`);
      // What goes over the stream is not counted as calls are: it has some turns of its own, and a cold start takes more of them.
      await settle(step < 20 ? 40 : 8);
      for (let turn = 0; calls > 0 && turn < 200; turn += 1) await settle(1);
      if (!isSo()) backend.clock.advance(stepMs);
    }
  };
  return {
    server,
    backend,
    agent,
    now,
    until,
    /** Starts a worker, which hears of work already where it is to. */
    start: async (given: Pick<WorkerOptions, "work"> & Partial<WorkerOptions>): Promise<RunningWorker> => {
      const worker = await inTime(
        backend.clock,
        startWorker({
          endpoint: server.url,
          apiKey: WORKER_KEY,
          name: "desk-1",
          clock: backend.clock,
          fetch: counted,
          random: () => chance.next(),
          ...given,
        }),
      );
      workers.push(worker);
      if (given.events !== false) await until(() => worker.hears);
      return worker;
    },
    assign: (more: Parameters<typeof work>[0] = {}): string =>
      backend.engine.tasks.assign(all, work({ agent_id: agent.id, ...more })).id,
    answer: (id: string, answer: { readonly choice?: string; readonly text?: string }): void => {
      const question_id = now(id).question?.question_id ?? "none";
      backend.engine.tasks.answer(all, id, { question_id, ...answer });
    },
    /** Waits until a task is over, and gives it. */
    over: async (id: string, stepMs?: number) => {
      await until(() => now(id).completed_at !== null, stepMs);
      return now(id);
    },
  };
}
