import type { Clock, Task } from "../../contract/index.js";
import { assertLive } from "../../lifetime.js";
import type { Lifetime } from "../../lifetime.js";
import type { EventFeed } from "./event-feed.js";
import type { EventStream } from "./event-stream.js";
import type { PollingFeed, PollingParts } from "./polling-feed.js";
import type { TaskFeed } from "./task-feed.js";

/** What a {@link StreamFeed} is made of. */
export interface StreamFeedParts {
  readonly stream: EventStream;
  /** Asks for a task. */
  readonly get: PollingParts["get"];
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  /** Gets the code that follows tasks, which a page that waits for none does not load. */
  readonly load: () => Promise<{
    readonly EventFeed: typeof EventFeed;
    readonly PollingFeed: typeof PollingFeed;
  }>;
}

/** Follows tasks by events where the stream has been opened, and by asking for them where it has not. */
export class StreamFeed implements TaskFeed {
  readonly #parts: StreamFeedParts;
  #polling: PollingFeed | null = null;
  #following = 0;

  constructor(parts: StreamFeedParts) {
    this.#parts = parts;
  }

  /** Tasks that are followed now. */
  get following(): number {
    return this.#following;
  }

  async *follow(taskId: string, signal?: AbortSignal): AsyncGenerator<Task, void> {
    const { stream, lifetime, load } = this.#parts;
    assertLive(lifetime, signal, taskId);
    this.#following += 1;
    try {
      const { EventFeed, PollingFeed } = await load();
      const polling = (this.#polling ??= new PollingFeed(this.#parts));
      const feed = stream.core === null ? polling : new EventFeed({ ...this.#parts, polling });
      yield* feed.follow(taskId, signal);
    } finally {
      this.#following -= 1;
    }
  }
}
