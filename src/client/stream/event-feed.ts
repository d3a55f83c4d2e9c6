import { onAbort } from "../../contract/on-abort.js";
import { isTaskEnding } from "../../contract/tasks.js";
import type { Clock, Task } from "../../contract/index.js";
import { isCancelledError } from "../../errors/cancelled-error.js";
import type { AgentVMError } from "../../errors/index.js";
import { stopError, stoppable } from "../../lifetime.js";
import type { Lifetime } from "../../lifetime.js";
import { hasChanged } from "./polling-feed.js";
import type { TaskFeed } from "./task-feed.js";
import type { TaskEventSource } from "./task-watch.js";
import { TaskWatch } from "./task-watch.js";

/** Milliseconds after which a task that no event told of is asked for all the same. */
const REFRESH_MS = 30_000;

/** What an {@link EventFeed} is made of. */
export interface EventFeedParts {
  readonly stream: TaskEventSource;
  /** Asks for tasks: for the first look and the last one, and all between while the stream is away. */
  readonly polling: TaskFeed;
  readonly clock: Clock;
  readonly lifetime: Lifetime;
}

/** Follows tasks by the stream's events while it is live, and by asking for them while it is not. */
export class EventFeed implements TaskFeed {
  readonly #parts: EventFeedParts;

  constructor(parts: EventFeedParts) {
    this.#parts = parts;
  }

  async *follow(taskId: string, signal?: AbortSignal): AsyncGenerator<Task, void> {
    const { stream, polling } = this.#parts;
    if (stream.state.status === "closed") {
      yield* polling.follow(taskId, signal);
      return;
    }
    const watch = new TaskWatch(taskId, stream);
    let last: Task | null = null;
    try {
      for (;;) {
        for await (const task of this.#ask(taskId, watch, signal)) {
          const isNews = hasChanged(last, task);
          last = task;
          if (isNews) yield task;
          if (isTaskEnding(task.status)) return;
        }
        while (last !== null && !watch.needsLook && watch.isTold(last)) {
          const task = watch.take();
          if (task === null) {
            await this.#news(taskId, watch, signal);
          } else {
            last = task;
            yield task;
          }
        }
      }
    } finally {
      watch.close();
    }
  }

  /** Asks until the stream tells the rest. */
  async *#ask(taskId: string, watch: TaskWatch, signal: AbortSignal | undefined): AsyncGenerator<Task, void> {
    const { polling, lifetime } = this.#parts;
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    let last: Task | null = null;
    watch.needsLook = false;
    watch.onChange = () => {
      if (last === null || !watch.isTold(last)) return;
      // The stream may have come back at a later place than it was left.
      watch.needsLook = true;
      stop();
    };
    const forgetSignal = onAbort(signal, stop);
    if (signal?.aborted === true) stop();
    try {
      for await (const task of polling.follow(taskId, enough.signal)) {
        last = task;
        watch.adopt(task);
        const told = watch.isTold(task);
        if (told) watch.onChange = null;
        yield task;
        if (told) return;
      }
    } catch (error) {
      const cut = enough.signal.aborted && signal?.aborted !== true && !lifetime.isOver;
      if (!cut || !isCancelledError(error)) throw error;
    } finally {
      watch.onChange = null;
      forgetSignal();
    }
  }

  /** Waits until the watch has something new, or has been silent for long. */
  #news(taskId: string, watch: TaskWatch, signal: AbortSignal | undefined): Promise<void> {
    const { clock, lifetime } = this.#parts;
    const stopped = (): AgentVMError => stopError(lifetime, `Following ${taskId}`, "not_sent");
    return stoppable(lifetime, signal, stopped, (resolve: () => void) => {
      watch.onChange = resolve;
      const cancel = clock.setTimeout(() => {
        watch.needsLook = true;
        resolve();
      }, REFRESH_MS);
      return () => {
        cancel();
        watch.onChange = null;
      };
    });
  }
}
