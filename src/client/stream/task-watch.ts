import type { AnyEvent, Subscribe, Task } from "../../contract/index.js";
import type { ConnectionChange, ConnectionState, LogEvent, StreamEvent } from "./stream-events.js";

/** Events of a task that are held until the first look at it is there; past them it is looked at again. */
const EARLY_MAX = 100;

/** What is needed of the stream. */
export interface TaskEventSource {
  readonly state: ConnectionState;
  readonly subscription: Subscribe;
  on(name: "*", listener: (event: StreamEvent) => void): () => void;
  on(name: "connection", listener: (change: ConnectionChange) => void): () => void;
}

/** One task as the stream tells it, for one who follows it. */
export class TaskWatch {
  readonly #taskId: string;
  readonly #stream: TaskEventSource;
  readonly #undo: readonly (() => void)[];
  #task: Task | null = null;
  #early: AnyEvent[] = [];
  #isNew = false;
  /** The task has to be asked for: it ended, asks or was answered, was given out anew, or its events cannot be trusted to be whole. */
  needsLook = false;
  /** Called at each change of what is here. */
  onChange: (() => void) | null = null;

  constructor(taskId: string, stream: TaskEventSource) {
    this.#taskId = taskId;
    this.#stream = stream;
    this.#undo = [
      stream.on("*", (event) => this.#hear(event)),
      stream.on("connection", () => this.onChange?.()),
    ];
  }

  /** Whether the stream tells everything of this task now. */
  isTold(task: Task): boolean {
    const { state, subscription } = this.#stream;
    const { game_id, types = [], agent_ids = [] } = subscription;
    const covers = game_id === undefined || game_id === task.game_id;
    return state.status === "live" && covers && types.length === 0 && agent_ids.length === 0;
  }

  /** Takes what was asked for, and what the stream told meanwhile on top of it. */
  adopt(task: Task): void {
    this.#task = task;
    this.#isNew = false;
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#apply(task, event);
  }

  /** The task, when it has changed since the last time. */
  take(): Task | null {
    if (!this.#isNew) return null;
    this.#isNew = false;
    return this.#task;
  }

  close(): void {
    for (const undo of this.#undo) undo();
  }

  #hear(event: StreamEvent): void {
    if (event.type === "gap") {
      this.#lookAgain();
    } else if (isOf(event, this.#taskId)) {
      if (this.#task !== null) this.#apply(this.#task, event);
      else if (this.#early.push(event) > EARLY_MAX) {
        this.#early = [];
        this.#lookAgain();
      }
    }
  }

  /** An event may be older than what was asked for: it never takes the task back. */
  #apply(task: Task, event: AnyEvent): void {
    const waits = task.status === "pending" || task.status === "assigned";
    switch (event.type) {
      case "task.started":
        if (!waits) return;
        this.#change({
          ...task,
          status: "running",
          agent_id: event.data.agent_id,
          started_at: event.timestamp,
        });
        return;
      case "task.progress": {
        const { progress, message } = event.data;
        if (task.status === "running" && progress >= task.progress) {
          this.#change({ ...task, progress, message });
        }
        return;
      }
      default:
        this.#lookAgain();
    }
  }

  #change(task: Task): void {
    this.#task = task;
    this.#isNew = true;
    this.onChange?.();
  }

  #lookAgain(): void {
    this.needsLook = true;
    this.onChange?.();
  }
}

function isOf(event: LogEvent, taskId: string): event is AnyEvent {
  switch (event.type) {
    case "task.assigned":
      return event.data.task.id === taskId;
    case "task.started":
    case "task.progress":
    case "task.question":
    case "task.answered":
    case "task.completed":
    case "task.failed":
    case "task.cancelled":
      return event.data.task_id === taskId;
    default:
      return false;
  }
}
