import type { World } from "../world.js";

/** A backend whose tasks are done by workers, and keys that may do less than all. */
export const options = {
  workBy: "workers",
  apiKeys: [
    "conformance-key",
    "desk:worker:secret-of-a-worker",
    "other:worker:secret-of-another",
    "watch:observer:secret-of-an-observer",
  ],
} as const;

export const worker = { key: "secret-of-a-worker" };
export const other = { key: "secret-of-another" };

export async function joined(world: World, body: Record<string, unknown> = {}, as = worker): Promise<string> {
  const given = { name: "desk-1", agent_types: ["aider"], slots: 2, ...body };
  return (await world.ok("POST", "/workers", { as, body: given })).worker_id;
}

export async function claim(world: World, id: string, body: Record<string, unknown> = {}, as = worker) {
  return (await world.ok("POST", `/workers/${id}/claim`, { as, body })).jobs;
}

export const finish = (world: World, task: string, body: Record<string, unknown> = {}) =>
  world.ok("POST", `/tasks/${task}/finish`, { as: worker, body: { attempt: 1, success: true, ...body } });

export const changes = {
  branch: "agentvm/x",
  base: "main",
  commit: null,
  files: [{ path: "player.ts", status: "modified", insertions: 1, deletions: 0 }],
  insertions: 1,
  deletions: 0,
};

/** A task that a worker has done, who reviews what it has changed. */
export async function reviewable(world: World) {
  const worker_id = await joined(world, { reviews: true });
  await world.agent();
  const task = await world.task();
  await claim(world, worker_id);
  await finish(world, task, { changes, diff: "+jump()\n" });
  return { worker_id, task };
}

/** The same with a review of it under way. */
export async function asked(world: World, verdict = "accept") {
  const { worker_id, task } = await reviewable(world);
  const answered = world
    .open("POST", `/tasks/${task}/review`, { body: { verdict, message: "Good" } })
    .then(async (response) => ({ status: response.status, body: await response.json() }));
  answered.catch(() => undefined);
  const [{ review_id }] = await reviewsOf(world, worker_id);
  return { worker_id, task, review_id, answered };
}

/** The reviews that a worker is asked for; waits for the first. */
export async function reviewsOf(world: World, id: string, reviews: string[] = []) {
  const body = { wait_ms: 30_000, reviews };
  return (await world.ok("POST", `/workers/${id}/claim`, { as: worker, body })).reviews;
}

export const reviewed = (world: World, task: string, body: Record<string, unknown>) =>
  world.ok("POST", `/tasks/${task}/reviewed`, { as: worker, body });
