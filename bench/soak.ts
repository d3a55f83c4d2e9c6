import { setTimeout as delay } from "node:timers/promises";
import { createMockBackend } from "oligarchy-agentvm/mock";
import { AgentVM } from "oligarchy-agentvm/slim";
import type { Report } from "./report.js";

const TASKS = 100_000;
const FIRST = 10_000;
const EVERY = 10_000;
const AGENTS = 20;

/** Seconds after which the backend forgets a task that is over: far less than the soak lasts, so that forgetting is part of it. */
const FORGET_AFTER = 600;

/** Turns of the event loop between two moves of the clock. */
const TURNS = 10;

/** An evening's work and more in one process, client and backend: what it holds at the end is what it held near the beginning. */
export async function benchSoak(report: Report): Promise<void> {
  const backend = createMockBackend({
    seed: 7,
    clock: "manual",
    limits: {
      max_agents: AGENTS,
      rate_limit_per_minute: 1_000_000_000,
      completed_task_ttl_seconds: FORGET_AFTER,
    },
  });
  const agentvm = new AgentVM(backend.connection());
  await agentvm.connect({ game_name: "Soak" });
  const pool = await agentvm.pool({ type: "aider", min: AGENTS, max: AGENTS });
  const metrics = await agentvm.metrics();
  const view = agentvm.agents.live();

  // What is loaded late takes as long as it takes; the clock goes on slowly until it is there.
  const first = pool.run("Begin");
  let waiting = 1;
  first.finally(() => (waiting -= 1)).catch(() => undefined);
  while (waiting > 0) {
    await delay(5);
    backend.clock.advance(500);
  }
  await first;

  let done = 0;
  const worker = async (): Promise<void> => {
    while (done < TASKS) {
      await pool.run("Fix the jump");
      done += 1;
    }
  };
  let working = AGENTS;
  const all = Promise.all(Array.from({ length: AGENTS }, () => worker().finally(() => (working -= 1))));

  const rows: (string | number)[][] = [];
  let atFirst = 0;
  let atEnd = 0;
  let nextLook = FIRST;
  const look = (): void => {
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed / 1_000_000;
    const { listeners, handles, pending } = agentvm.stats();
    rows.push([Math.min(nextLook, TASKS), heap, listeners, handles, pending]);
    if (nextLook === FIRST) atFirst = heap;
    atEnd = heap;
    nextLook += EVERY;
  };
  while (working > 0) {
    backend.clock.advance(500);
    // The embedded socket brings one event a turn, as a page's does; half a second of twenty agents' work is fewer than these.
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    if (done >= nextLook) look();
  }
  await all;

  report.section(`${TASKS} tasks in one process, client and backend, pool, metrics and a live view`);
  report.table(["tasks", "heap, MB", "listeners", "handles", "pending"], rows);
  report.note(
    `${metrics.read().tasks.reduce((sum, row) => sum + row.completed + row.failed, 0)} ends were counted.`,
  );
  report.want(`heap after ${TASKS} tasks to the heap after ${FIRST}`, atEnd / atFirst, { atMost: 1.1 });
  view.close();
  await pool.close();
  await agentvm.close();
  backend.close();
}
