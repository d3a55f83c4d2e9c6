import type { Engine } from "../../domain/index.js";
import type { ListedWorker } from "./controls.js";

/** The workers of a backend, each with the tasks that it has. */
export function listedWorkers(engine: Engine): ListedWorker[] {
  const look = engine.extend(({ world, indexes }, { looks }) =>
    looks(() =>
      Array.from(world.workers.values(), ({ worker, seen_at }) => {
        const held = [...indexes.held.of(worker.worker_id)];
        const tasks = held.flatMap((task_id) => {
          const task = world.tasks.get(task_id)?.task;
          return task === undefined ? [] : [{ task_id, attempt: task.attempt }];
        });
        return { ...worker, busy: held.length, last_seen_at: new Date(seen_at).toISOString(), tasks };
      }),
    ),
  );
  return look();
}
