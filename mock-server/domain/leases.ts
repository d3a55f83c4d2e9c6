import { WORKER_LOST } from "../../src/contract/worker.js";
import type { Core } from "./core.js";
import { removeAgent } from "./agents.js";
import { announce, endTask, giveWork, settle } from "./flow.js";
import { setState } from "./set-state.js";
import type { TaskRecord, WorkerRecord } from "./world.js";

/** Looks whether a worker has been silent for too long, or waits on. */
export function watchWorker(core: Core, workerId: string): void {
  const worker = core.world.workers.get(workerId);
  if (worker === undefined) return;
  if (worker.expires_at > core.ledger.now) core.agenda.schedule("lease", workerId, worker.expires_at);
  else dropWorker(core, worker, "lost");
}

/** A worker is there no more: what it has goes to others. */
export function dropWorker(core: Core, { worker }: WorkerRecord, reason: "left" | "lost"): void {
  const { worker_id, name } = worker;
  core.agenda.cancel("lease", worker_id);
  core.ledger.emit({ type: "worker.left", game_id: null, data: { worker_id, name, reason } });
  // What it has seen is seen no more, and nobody else can go on with it.
  for (const [agentId, seen] of core.world.observed) {
    const record = seen.worker_id === worker_id && core.world.agents.get(agentId);
    if (record) removeAgent(core, record);
  }
  for (const taskId of [...core.indexes.held.of(worker_id)]) {
    const record = core.world.tasks.get(taskId);
    if (record) giveBack(core, record, name);
  }
  core.slow.reviews?.passOn(worker_id, name);
}

/** A task whose worker is lost waits for another one, with the next attempt; after the last one it has failed. */
function giveBack(core: Core, record: TaskRecord, name: string): void {
  const { task } = record;
  const agent = core.world.agents.get(task.agent_id ?? "");
  if (agent === undefined || task.attempt >= core.limits.max_attempts) {
    const times = task.attempt === 1 ? "once" : `${task.attempt} times`;
    const message = `The worker '${name}' was lost. The work was begun ${times}, as often as may be.`;
    return endTask(core, record, { kind: "failed", error: { code: WORKER_LOST, message } });
  }
  settle(core, record);
  setState(core, agent.agent, "idle", null);
  announce(
    core,
    { ...record.task, attempt: task.attempt + 1, progress: 0, started_at: null, usage: null, question: null },
    agent.agent,
  );
  giveWork(core, agent);
}
