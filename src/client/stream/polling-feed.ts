import { isTaskEnding } from "../../contract/tasks.js";
import type { Clock, Task } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import type { AgentVMError } from "../../errors/index.js";
import type { CallOptions } from "../http/options.js";
import { assertLive, sleep, stopError, stoppable } from "../../lifetime.js";
import type { Lifetime } from "../../lifetime.js";
import type { TaskFeed } from "./task-feed.js";

/** Milliseconds between two looks at a task: short after a change, longer while nothing happens. */
const SHORTEST_MS = 200;
const LONGEST_MS = 2_000;
const GROWTH = 1.5;

/** Looks that may fail in a row, each with its own retries, before those who wait are told. */
const FAILURES_MAX = 3;

/** What a {@link PollingFeed} is made of. */
export interface PollingParts {
  readonly get: (taskId: string, options: CallOptions) => Promise<Task>;
  readonly clock: Clock;
  readonly lifetime: Lifetime;
}

/** One task that somebody waits for: asked for once, however many wait. */
interface Poll {
  latest: Task | null;
  failure: unknown;
  /** Grows with each change. */
  version: number;
  readonly waiting: Set<() => void>;
  followers: number;
  readonly stop: AbortController;
}

/** Follows tasks by asking for them. */
export class PollingFeed implements TaskFeed {
  readonly #parts: PollingParts;
  readonly #polls = new Map<string, Poll>();

  constructor(parts: PollingParts) {
    this.#parts = parts;
  }

  async *follow(taskId: string, signal?: AbortSignal): AsyncGenerator<Task, void> {
    const { lifetime } = this.#parts;
    assertLive(lifetime, signal, taskId);
    const poll = this.#polls.get(taskId) ?? this.#start(taskId);
    poll.followers += 1;
    try {
      for (let seen = 0; ; seen = poll.version) {
        if (poll.version === seen) {
          const stopped = (): AgentVMError => stopError(lifetime, `Following ${taskId}`, "not_sent");
          await stoppable<undefined>(lifetime, signal, stopped, (resolve) => {
            const wake = (): void => resolve(undefined);
            poll.waiting.add(wake);
            return () => poll.waiting.delete(wake);
          });
        }
        if (!poll.latest || poll.failure !== null) throw poll.failure;
        yield poll.latest;
        if (isTaskEnding(poll.latest.status)) return;
      }
    } finally {
      poll.followers -= 1;
      if (poll.followers === 0) this.#forget(taskId, poll);
    }
  }

  #start(taskId: string): Poll {
    const poll: Poll = {
      latest: null,
      failure: null,
      version: 0,
      waiting: new Set(),
      followers: 0,
      stop: new AbortController(),
    };
    this.#polls.set(taskId, poll);
    void this.#run(taskId, poll);
    return poll;
  }

  #forget(taskId: string, poll: Poll): void {
    if (this.#polls.get(taskId) === poll) this.#polls.delete(taskId);
    poll.stop.abort();
  }

  async #run(taskId: string, poll: Poll): Promise<void> {
    const { get, clock, lifetime } = this.#parts;
    const { signal } = poll.stop;
    let intervalMs = SHORTEST_MS;
    let failures = 0;
    try {
      for (;;) {
        let waitMs = intervalMs;
        try {
          const task = await get(taskId, { signal });
          failures = 0;
          if (hasChanged(poll.latest, task)) {
            poll.latest = task;
            this.#tell(poll);
            intervalMs = SHORTEST_MS;
          } else {
            intervalMs = Math.min(LONGEST_MS, intervalMs * GROWTH);
          }
          if (isTaskEnding(task.status)) break;
          waitMs = intervalMs;
        } catch (error) {
          failures += 1;
          if (!isAgentVMError(error) || !error.retryable || failures > FAILURES_MAX) throw error;
          waitMs = Math.max(LONGEST_MS, error.retryAfterMs ?? 0);
        }
        await sleep(clock, waitMs, lifetime, signal, () => stopError(lifetime, taskId, "not_sent"));
      }
    } catch (error) {
      // Told to those who still wait; nobody does when the last of them has left or the client is closed.
      poll.failure = error;
      this.#tell(poll);
    }
    this.#forget(taskId, poll);
  }

  #tell(poll: Poll): void {
    poll.version += 1;
    for (const wake of [...poll.waiting]) wake();
  }
}

/** Whether a task has gone on between two looks at it. */
export function hasChanged(before: Task | null, after: Task): boolean {
  return (
    before?.status !== after.status ||
    before.progress !== after.progress ||
    before.message !== after.message ||
    before.agent_id !== after.agent_id ||
    before.question?.question_id !== after.question?.question_id
  );
}
