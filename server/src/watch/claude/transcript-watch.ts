import { basename } from "node:path";
import type { Clock } from "oligarchy-agentvm";
import type { WatchedSessions } from "../sessions.js";
import { TranscriptStory } from "./transcript-story.js";
import type { TranscriptNews } from "./transcript-story.js";

/** Milliseconds after which a session of which nothing was read is taken for over: without hooks nobody says so. */
const QUIET_MS = 30 * 60_000;

/** Sessions that are remembered. */
const KNOWN_MAX = 200;

interface Known {
  readonly story: TranscriptStory;
  readAt: number;
}

/** Makes characters of the sessions of which transcripts alone tell. What waits for a permission is not seen in them. */
export class TranscriptWatch {
  readonly #sessions: WatchedSessions;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(sessions: WatchedSessions, folder: string, clock: Clock) {
    this.#sessions = sessions;
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Takes a line of a session's transcript. */
  line(id: string, line: string): void {
    const known = this.#known.get(id) ?? this.#begin(id);
    known.readAt = this.#clock.now();
    known.story.take(line);
  }

  /** Hooks tell of a session from now on. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** Has those leave of which nothing was read for long. */
  tidy(): void {
    for (const [id, { readAt }] of [...this.#known])
      if (this.#clock.now() - readAt >= QUIET_MS) this.#leave(id);
  }

  #begin(id: string): Known {
    const known = { story: new TranscriptStory(this.#folder, (news) => this.#take(id, news)), readAt: 0 };
    this.#known.set(id, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#leave(oldest);
    return known;
  }

  #leave(id: string): void {
    this.#known.delete(id);
    this.#sessions.leave(id);
  }

  #take(id: string, news: TranscriptNews): void {
    const see = (): void => this.#sessions.see(id, "claude", basename(this.#folder));
    if (news === "over") this.#sessions.end(id);
    else if (news === "interrupted")
      this.#sessions.end(id, {
        success: false,
        code: "interrupted",
        message: "It was interrupted in its terminal.",
      });
    else if ("prompt" in news) {
      see();
      this.#sessions.begin(id, news.prompt);
    } else if (this.#sessions.isBusy(id)) this.#sessions.tell(id, news);
    else if (news.kind === "tool" && news.status === "running") {
      see();
      this.#sessions.tell(id, news);
    }
  }
}
