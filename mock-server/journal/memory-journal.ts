import { Listeners } from "../domain/index.js";
import type { Commit, EngineSnapshot } from "../domain/index.js";
import { RevConflict } from "./journal.js";
import type { Checkpoint, CommitsAfter, JournalAtOnce } from "./journal.js";

/** Changes of one shard that are kept since its last checkpoint; past them the oldest commits go. */
export const JOURNAL_CHANGES_MAX = 10_000;

/** What is held of a shard. */
interface Shard {
  rev: number;
  checkpoint: Checkpoint | null;
  commits: Commit[];
  changes: number;
  readonly listeners: Listeners<[]>;
}

/**
 * A journal in memory, for a backend that lives as long as its page or process. It keeps what came since the last checkpoint; until there is
 * one nothing could be built from commits, so it only counts them. Who is so slow that what it wants is gone loads a new checkpoint.
 */
export class MemoryJournal implements JournalAtOnce {
  readonly #shards = new Map<string, Shard>();
  readonly #maximum: number;
  readonly #report: (error: unknown) => void;

  /** @param report Told what a listener threw. */
  constructor(report: (error: unknown) => void = () => undefined, maximum: number = JOURNAL_CHANGES_MAX) {
    this.#report = report;
    this.#maximum = maximum;
  }

  append(name: string, expectedRev: number, commits: readonly Commit[]): void {
    const shard = this.#shard(name, expectedRev);
    if (shard.rev !== expectedRev) throw new RevConflict(name, expectedRev, shard.rev);
    for (const commit of commits) {
      shard.rev = commit.rev;
      if (shard.checkpoint === null) continue;
      shard.commits.push(commit);
      shard.changes += commit.changes.length;
    }
    while (shard.changes > this.#maximum) shard.changes -= shard.commits.shift()?.changes.length ?? 0;
    shard.listeners.tell();
  }

  read(name: string, fromRev: number): CommitsAfter {
    const { rev, commits } = this.#shard(name, fromRev);
    if (fromRev >= rev) return [];
    const first = commits[0]?.rev ?? Infinity;
    return first > fromRev + 1 ? "outrun" : commits.slice(fromRev + 1 - first);
  }

  checkpoint(name: string, rev: number, snapshot: EngineSnapshot): void {
    const shard = this.#shard(name, rev);
    shard.checkpoint = { rev, snapshot };
    shard.rev = Math.max(shard.rev, rev);
    shard.commits = shard.commits.filter((commit) => commit.rev > rev);
    shard.changes = shard.commits.reduce((sum, { changes }) => sum + changes.length, 0);
  }

  load(name: string): Checkpoint | null {
    return this.#shards.get(name)?.checkpoint ?? null;
  }

  subscribe(name: string, listener: () => void): () => void {
    return this.#shard(name, 0).listeners.add(listener);
  }

  /** @param rev Where one that is new here stands. */
  #shard(name: string, rev: number): Shard {
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = { rev, checkpoint: null, commits: [], changes: 0, listeners: new Listeners(this.#report) };
      this.#shards.set(name, shard);
    }
    return shard;
  }
}
