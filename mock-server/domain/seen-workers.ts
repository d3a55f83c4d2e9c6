import type { ClaimedJob } from "../../src/contract/index.js";
import type { Core } from "./core.js";
import { timestampOf } from "./timestamps.js";
import type { TaskRecord, WorkerRecord } from "./world.js";

/** A worker is there: it has its lease from now on. */
export function see(core: Core, { worker, owner }: Pick<WorkerRecord, "worker" | "owner">, waitMs = 0): void {
  const { worker_id } = worker;
  const { now: at } = core.ledger;
  const expires_at = at + waitMs + core.limits.lease_seconds * 1_000;
  const before = core.world.workers.get(worker_id);
  if (before?.seen_at === at && before.expires_at === expires_at) return;
  core.ledger.note({ type: "worker.seen", worker_id, owner, at, expires_at });
  // When its job is due it finds the new end and waits on; one that ends sooner than was thought is looked at sooner.
  const due = core.world.agenda.get("lease", worker_id)?.due ?? Infinity;
  if (due > expires_at) core.agenda.schedule("lease", worker_id, expires_at);
}

/** A task as its worker is given it; none where it is no worker's. */
export function toldJob(core: Core, { task }: TaskRecord): ClaimedJob[] {
  const agent = core.world.agents.get(task.agent_id ?? "")?.agent;
  const lease = core.world.leases.get(task.id);
  const worker = core.world.workers.get(lease?.worker_id ?? "");
  if (agent === undefined || worker === undefined) return [];
  const continues = core.world.tasks.get(task.continues ?? "")?.task ?? null;
  const lease_expires_at = timestampOf(worker.expires_at);
  return [{ task, agent, attempt: task.attempt, lease_expires_at, continues }];
}
