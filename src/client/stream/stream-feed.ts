import type { Task } from "../../contract/index.js";
import type { TaskFeed } from "./task-feed.js";
import type { EventStream } from "./event-stream.js";
import type { EventFeedParts } from "./event-feed.js";

/** What a {@link StreamFeed} is made of. */
export interface StreamFeedParts extends EventFeedParts {
  readonly stream: EventStream;
}

/** Follows tasks by events where the stream has been opened, and by asking for them where it has not. */
export class StreamFeed implements TaskFeed {
  readonly #parts: StreamFeedParts;
  #following = 0;

  constructor(parts: StreamFeedParts) {
    this.#parts = parts;
  }

  /** Tasks that are followed now. */
  get following(): number {
    return this.#following;
  }

  async *follow(taskId: string, signal?: AbortSignal): AsyncGenerator<Task, void> {
    const { stream, polling } = this.#parts;
    const feed = stream.core === null ? polling : new stream.core.EventFeed(this.#parts);
    this.#following += 1;
    try {
      yield* feed.follow(taskId, signal);
    } finally {
      this.#following -= 1;
    }
  }
}
