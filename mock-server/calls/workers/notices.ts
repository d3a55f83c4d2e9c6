import type { AnyEvent, Notice } from "../../../src/contract/index.js";
import type { Engine } from "../../domain/index.js";
import type { WorkerCalls } from "../../domain/workers.js";

type Send = (notice: Notice) => void;

/** Workers' own connections, and what they have to know at once: that there is a task, that one is not wanted any more, an answer. */
export class Notices {
  readonly #engine: Pick<Engine, "log" | "tasks">;
  readonly #calls: Pick<WorkerCalls, "hasWork" | "holderOf">;
  readonly #connections = new Map<string, Set<Send>>();
  #forgetLog: readonly (() => void)[] = [];

  constructor(engine: Pick<Engine, "log" | "tasks">, calls: Pick<WorkerCalls, "hasWork" | "holderOf">) {
    this.#engine = engine;
    this.#calls = calls;
  }

  /** Sends what a worker has to know from now on. Gives its own undo. */
  attach(workerId: string, send: Send): () => void {
    const own = this.#connections.get(workerId) ?? new Set();
    this.#connections.set(workerId, own.add(send));
    this.#listen();
    return () => {
      own.delete(send);
      if (own.size > 0) return;
      if (this.#connections.get(workerId) === own) this.#connections.delete(workerId);
      if (this.#connections.size === 0) this.close();
    };
  }

  close(): void {
    this.#connections.clear();
    for (const forget of this.#forgetLog) forget();
    this.#forgetLog = [];
  }

  #listen(): void {
    if (this.#forgetLog.length > 0) return;
    let mayBeWork = false;
    this.#forgetLog = [
      this.#engine.log.subscribe((event) => {
        mayBeWork ||= event.type === "task.assigned" || event.type === "agent.state_changed";
        this.#hear(event);
      }),
      this.#engine.log.onTold(() => {
        if (!mayBeWork) return;
        mayBeWork = false;
        for (const worker_id of [...this.#connections.keys()]) {
          if (this.#calls.hasWork(worker_id))
            this.#tell({ type: "notice", name: "work.offered", data: { worker_id } });
        }
      }),
    ];
  }

  #hear(event: AnyEvent): void {
    switch (event.type) {
      case "task.cancelled":
        return this.#stop(event.data.task_id, "cancelled");
      case "task.failed":
        if (event.data.error.code === "timeout") this.#stop(event.data.task_id, "timeout");
        return;
      case "task.answered": {
        const { task_id, question_id, choice, text, by } = event.data;
        const holder = this.#holder(task_id);
        if (holder === null) return;
        const data = { ...holder, question_id, choice, text, by };
        this.#tell({ type: "notice", name: "task.answered", data });
        return;
      }
      default:
    }
  }

  #stop(taskId: string, reason: "cancelled" | "timeout"): void {
    const holder = this.#holder(taskId);
    if (holder === null) return;
    this.#tell({ type: "notice", name: "work.cancelled", data: { ...holder, reason } });
  }

  #holder(task_id: string): { worker_id: string; task_id: string; attempt: number } | null {
    const worker_id = this.#calls.holderOf(task_id);
    if (worker_id === null || !this.#connections.has(worker_id)) return null;
    const { attempt } = this.#engine.tasks.get({ kind: "all" }, task_id);
    return { worker_id, task_id, attempt };
  }

  #tell(notice: Notice): void {
    for (const send of [...(this.#connections.get(notice.data.worker_id) ?? [])]) send(notice);
  }
}
