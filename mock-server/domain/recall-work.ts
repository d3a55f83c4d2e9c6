import type { Kept, Work } from "../work/work.js";
import { notASnapshot } from "./read-snapshot.js";
import type { EngineSnapshot } from "./snapshot-schema.js";

/**
 * What the workers of running tasks kept of them, read by those whom it means something to.
 *
 * @throws EngineError `invalid_request` where they cannot go on from it.
 */
export function recallWork({ world, plans = [], agenda }: EngineSnapshot, work: Work): Map<string, Kept> {
  const saved = new Map<string, unknown>(world.work.map(({ task_id, kept }) => [task_id, kept]));
  for (const { task_id, steps } of plans) saved.set(task_id, { steps });
  const awaited = new Set(agenda.jobs.flatMap(({ kind, id }) => (kind === "work" ? [id] : [])));
  const recalled = new Map<string, Kept>();
  for (const { task } of world.tasks) {
    // What is observed is nobody's here to go on with.
    if (task.status !== "running" || task.work === "observed") continue;
    const read = work.recall(saved.get(task.id), awaited.has(task.id), task);
    if (!read.ok) {
      const at = ["snapshot", "world", "work", task.id];
      const problems = read.problems.map(({ loc, ...problem }) => ({ ...problem, loc: [...at, ...loc] }));
      throw notASnapshot("it is damaged", problems);
    }
    // Whose worker keeps nothing has nothing to be given back.
    if (saved.has(task.id) || Object.keys(read.value).length > 0) recalled.set(task.id, read.value);
  }
  return recalled;
}
