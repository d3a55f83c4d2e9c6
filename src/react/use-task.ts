import { useMemo, useSyncExternalStore } from "react";
import type { Client } from "../client/client.js";
import type { TaskHandle } from "../client/resources/task-handle.js";
import type { Task } from "../contract/index.js";
import { useDesk } from "./desk.js";

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

/** A task that is followed while a component looks at it. */
class TaskStore {
  readonly #client: Client;
  readonly #listeners = new Set<() => void>();
  #now: WatchedTask;
  #end = (): void => undefined;

  constructor(client: Client, taskId: string) {
    this.#client = client;
    this.#now = { ...NO_TASK, handle: client.tasks.handle(taskId) };
  }

  readonly now = (): WatchedTask => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    const call = (): void => listener();
    if (this.#listeners.add(call).size === 1) this.#begin();
    return () => {
      this.#listeners.delete(call);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  #begin(): void {
    const { handle } = this.#now;
    const client = this.#client;
    if (handle === null || client.state.status === "closed") return;
    const stop = new AbortController();
    const set = (change: Partial<WatchedTask>): void => {
      if (stop.signal.aborted) return;
      this.#now = { ...this.#now, ...change };
      for (const listener of [...this.#listeners]) listener();
    };
    const follow = async (): Promise<void> => {
      for await (const task of handle.watch({ signal: stop.signal })) set({ task, error: null });
    };
    follow().catch((error: unknown) => set({ error }));
    // A task that has ended can still be accepted or discarded.
    const undo = client.on("task.reviewed", ({ data }) => {
      const { task } = this.#now;
      if (task?.id === data.task_id) set({ task: { ...task, changes: data.changes } });
    });
    this.#end = () => {
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

function nothingHappens(): () => void {
  return () => undefined;
}
