import type { Task } from "../contract/index.js";
import { loadLater } from "../later.js";
import type { PollingFeed, PollingParts } from "./polling-feed.js";
import type { TaskFeed } from "./task-feed.js";

/** Follows tasks by asking for them; the code that does is loaded when the first task is followed so. */
export class LatePolling implements TaskFeed {
  readonly #parts: PollingParts;
  #feed: PollingFeed | null = null;

  constructor(parts: PollingParts) {
    this.#parts = parts;
  }

  async *follow(taskId: string, signal?: AbortSignal): AsyncGenerator<Task, void> {
    const { PollingFeed } = await loadLater();
    this.#feed ??= new PollingFeed(this.#parts);
    yield* this.#feed.follow(taskId, signal);
  }
}
