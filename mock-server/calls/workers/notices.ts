import type { AnyEvent, AskedReview, Notice } from "../../../src/contract/index.js";
import type { Engine } from "../../domain/index.js";
import type { WorkerCalls } from "../../domain/workers.js";

/** One connection of a worker. */
interface Heard {
  readonly send: (notice: Notice) => void;
  /** Told when the worker is there no more. */
  readonly left: () => void;
}

/** An attempt at a task, and who has it. */
interface Holding {
  readonly worker_id: string;
  readonly task_id: string;
  readonly attempt: number;
}

type NoticeCalls = Pick<WorkerCalls, "hasWork" | "holderOf" | "heldBy" | "reviewsOf" | "onReview">;

type NoticeEngine = Pick<Engine, "log" | "tasks">;

/** Workers' own connections, and what they have to know at once: that there is a task, that one is not wanted any more, an answer, a review. */
export class Notices {
  readonly #engine: NoticeEngine;
  readonly #calls: NoticeCalls;
  readonly #connections = new Map<string, Set<Heard>>();
  /** What those that are connected have: of one that is lost nobody else knows it any more. */
  readonly #held = new Map<string, Holding>();
  #forgetLog: readonly (() => void)[] = [];

  constructor(engine: NoticeEngine, calls: NoticeCalls) {
    this.#engine = engine;
    this.#calls = calls;
  }

  /** Sends what a worker has to know from now on, until it is there no more, which `left` is told. Gives its own undo. */
  attach(workerId: string, send: Heard["send"], left: Heard["left"]): () => void {
    const own = this.#connections.get(workerId) ?? new Set();
    const heard = { send, left };
    this.#connections.set(workerId, own.add(heard));
    for (const taskId of this.#calls.heldBy(workerId)) this.#hold(taskId);
    this.#listen();
    for (const review of this.#calls.reviewsOf(workerId)) send(noticeOf(workerId, review));
    return () => {
      own.delete(heard);
      if (own.size === 0 && this.#connections.get(workerId) === own) this.#forget(workerId);
    };
  }

  close(): void {
    this.#connections.clear();
    this.#held.clear();
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
      this.#calls.onReview((news) => {
        if (!("begun" in news)) return;
        const { worker_id, review_id } = news.begun;
        if (worker_id === null || !this.#connections.has(worker_id)) return;
        for (const review of this.#calls.reviewsOf(worker_id))
          if (review.review_id === review_id) this.#tell(noticeOf(worker_id, review));
      }),
    ];
  }

  #hear(event: AnyEvent): void {
    switch (event.type) {
      case "task.started":
        return this.#hold(event.data.task_id);
      case "task.completed":
        this.#held.delete(event.data.task_id);
        return;
      case "task.cancelled":
        return this.#stop(event.data.task_id, "cancelled");
      case "task.failed":
        if (event.data.error.code === "timeout") this.#stop(event.data.task_id, "timeout");
        this.#held.delete(event.data.task_id);
        return;
      case "worker.left":
        return this.#leave(event.data.worker_id);
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

  #hold(taskId: string): void {
    const holder = this.#holder(taskId);
    if (holder !== null) this.#held.set(taskId, holder);
  }

  /** What it has is another's from now on. */
  #leave(workerId: string): void {
    for (const data of [...this.#held.values()]) {
      if (data.worker_id !== workerId) continue;
      this.#tell({ type: "notice", name: "work.cancelled", data: { ...data, reason: "lost" } });
    }
    const own = [...(this.#connections.get(workerId) ?? [])];
    this.#forget(workerId);
    for (const { left } of own) left();
  }

  #forget(workerId: string): void {
    this.#connections.delete(workerId);
    for (const [taskId, { worker_id }] of this.#held) if (worker_id === workerId) this.#held.delete(taskId);
    if (this.#connections.size === 0) this.close();
  }

  #stop(taskId: string, reason: "cancelled" | "timeout"): void {
    this.#held.delete(taskId);
    const holder = this.#holder(taskId);
    if (holder === null) return;
    this.#tell({ type: "notice", name: "work.cancelled", data: { ...holder, reason } });
  }

  #holder(task_id: string): Holding | null {
    const worker_id = this.#calls.holderOf(task_id);
    if (worker_id === null || !this.#connections.has(worker_id)) return null;
    const { attempt } = this.#engine.tasks.get({ kind: "all" }, task_id);
    return { worker_id, task_id, attempt };
  }

  #tell(notice: Notice): void {
    for (const { send } of [...(this.#connections.get(notice.data.worker_id) ?? [])]) send(notice);
  }
}

function noticeOf(worker_id: string, review: AskedReview): Notice {
  return { type: "notice", name: "work.review", data: { worker_id, ...review } };
}
