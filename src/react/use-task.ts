import { useMemo, useSyncExternalStore } from "react";
import type { Client } from "../client/client.js";
import type { TaskHandle } from "../client/resources/task-handle.js";
import type { Task } from "../contract/index.js";
import { useDesk } from "./desk.js";
import { Listeners } from "./listeners.js";

/** A task that a component looks at. */
export interface WatchedTask {
  /** The task as it is now; null until it is known. */
  readonly task: Task | null;
  /** Why it is not known or not followed any more, most often an `AgentVMError`; else null. */
  readonly error: unknown;
  /** What can be done with it: cancel, answer, diff, accept, discard. Null while there is no client or no id. */
  readonly handle: TaskHandle | null;
}

const NO_TASK: WatchedTask = { task: null, error: null, handle: null };
const noTask = (): WatchedTask => NO_TASK;
const nothing = (): void => undefined;
const nothingHappens = (): (() => void) => nothing;

/** A task that is followed while a component looks at it. */
class TaskStore {
  readonly #client: Client;
  readonly #handle: TaskHandle;
  readonly #listeners = new Listeners(() => this.#begin());
  #now: WatchedTask;

  constructor(client: Client, taskId: string) {
    this.#client = client;
    this.#handle = client.tasks.handle(taskId);
    this.#now = { ...NO_TASK, handle: this.#handle };
  }

  readonly subscribe = this.#listeners.subscribe;

  readonly now = (): WatchedTask => this.#now;

  #begin(): () => void {
    if (this.#client.state.status === "closed") return nothing;
    const stop = new AbortController();
    const set = (change: Partial<WatchedTask>): void => {
      if (stop.signal.aborted) return;
      this.#now = { ...this.#now, ...change };
      this.#listeners.tell();
    };
    const follow = async (): Promise<void> => {
      for await (const task of this.#handle.watch({ signal: stop.signal })) set({ task, error: null });
    };
    follow().catch((error: unknown) => set({ error }));
    // A task that has ended can still be accepted or discarded.
    const undo = this.#client.on("task.reviewed", ({ data }) => {
      const { task } = this.#now;
      if (task?.id === data.task_id) set({ task: { ...task, changes: data.changes } });
    });
    return () => {
      stop.abort();
      undo();
    };
  }
}

/**
 * A task as it is now, from its assignment to its review, and what can be done with it. Without an id it looks at nothing.
 *
 * @example
 * const { task, handle } = useTask(agent.current_task_id);
 * if (task?.changes?.review === "open") return <button onClick={() => handle?.accept()}>Accept</button>;
 */
export function useTask(taskId: string | null | undefined): WatchedTask {
  const { client } = useDesk();
  const store = useMemo(
    () => (client === null || taskId === null || taskId === undefined ? null : new TaskStore(client, taskId)),
    [client, taskId],
  );
  return useSyncExternalStore(store?.subscribe ?? nothingHappens, store?.now ?? noTask, noTask);
}
