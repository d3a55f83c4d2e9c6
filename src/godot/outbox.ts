import type { LogEvent } from "../client/stream/stream-events.js";
import type { WireFailure } from "./failure.js";
import { withMovesInRows } from "./moves.js";
import type { Moved, Moves } from "./moves.js";

/** The answer to one command. */
export type Reply =
  | { readonly id: number; readonly value: unknown; readonly next_cursor?: string }
  | { readonly id: number; readonly error: WireFailure };

/** Something that happened, in the order in which it did. */
export type News =
  | { readonly event: LogEvent }
  | { readonly state: "connected" | "reconnecting" }
  | { readonly state: "stopped"; readonly error: WireFailure }
  | { readonly lost: readonly object[] };

/** What goes to the game in one call. */
export interface Push {
  readonly replies: readonly Reply[];
  readonly news: readonly (News | { readonly moves: Moves })[];
}

/** Things that are held for a game that draws no frames; past it they are given up, and the game is told so. */
export const NEWS_MAX = 5_000;

/**
 * What waits for the game. Of moves and of progress only the latest of each subject is kept. Replies need no bound of
 * their own: there are no more of them than commands.
 */
export class Outbox {
  #replies: Reply[] = [];
  #news = new Map<string, News>();
  #serial = 0;
  #overflowed = false;

  /** Whether there is a reply to give. */
  get hasReplies(): boolean {
    return this.#replies.length > 0;
  }

  /** Whether there is anything to give. */
  get isEmpty(): boolean {
    return this.#replies.length === 0 && this.#news.size === 0;
  }

  /** Whether so much had to be given up that the game needs a snapshot. Cleared by {@link forgive}. */
  get hasOverflowed(): boolean {
    return this.#overflowed;
  }

  addReply(reply: Reply): void {
    this.#replies.push(reply);
  }

  /** `subject` names what only the latest matters of; null for what must all be told. */
  addNews(news: News, subject: string | null): void {
    if (this.#overflowed) return;
    const key = subject ?? `#${(this.#serial += 1)}`;
    // The newest goes behind what happened before it.
    this.#news.delete(key);
    if (this.#news.size >= NEWS_MAX) {
      this.#news.clear();
      this.#overflowed = true;
      return;
    }
    this.#news.set(key, news);
  }

  /** The snapshot is there that makes good what was given up. */
  forgive(): void {
    this.#overflowed = false;
  }

  /** Takes everything out. */
  take(): Push {
    const push: Push = { replies: this.#replies, news: withMovesInRows([...this.#news.values()], moveIn) };
    this.#replies = [];
    this.#news = new Map();
    return push;
  }
}

function moveIn(news: News): Moved | null {
  return "event" in news && news.event.type === "agent.moved" ? news.event : null;
}

const latestWins: Readonly<Record<string, string>> = {
  "agent.moved": "agent_id",
  "task.progress": "task_id",
};

/** What an event says anew of which older ones of its type and subject no longer matter; null where all matter. */
export function subjectOf(event: { readonly type: unknown; readonly data: unknown }): string | null {
  const { data } = event;
  const type = String(event.type);
  const field = Object.hasOwn(latestWins, type) ? latestWins[type] : undefined;
  if (field === undefined || typeof data !== "object" || data === null) return null;
  const id: unknown = Reflect.get(data, field);
  return typeof id === "string" ? `${type} ${id}` : null;
}
