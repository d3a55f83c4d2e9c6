import type { Commit, EngineSnapshot } from "../domain/index.js";

/** Whatever may be given at once or later: a journal in the page answers at once, one in a database later. */
type Soon<T> = T | Promise<T>;

/** Where a shard stood when it was written down whole. */
export interface Checkpoint {
  /** The last commit that is in it. */
  readonly rev: number;
  readonly snapshot: EngineSnapshot;
}

/** What is kept of a shard after a place: its commits in order, or that some of them are kept no more. */
export type CommitsAfter = readonly Commit[] | "outrun";

/**
 * Keeps the commits of shards. A shard is a part of the world that is kept by itself: its commits are numbered without a gap, and what is
 * appended is never changed. Who wants to follow one loads its checkpoint, then reads what came after it.
 */
export interface Journal {
  /**
   * Keeps commits that follow the one numbered `expectedRev`, all or none of them. When it has returned, or its promise is resolved, they
   * have happened; when it fails they have not.
   *
   * @throws RevConflict when something else was appended meanwhile.
   */
  append(shard: string, expectedRev: number, commits: readonly Commit[]): Soon<void>;
  /** The commits after a place. */
  read(shard: string, fromRev: number): Soon<CommitsAfter>;
  /** Takes a shard written down whole, as it was after the commit `rev`. What came before it is not needed any more. */
  checkpoint(shard: string, rev: number, snapshot: EngineSnapshot): Soon<void>;
  /** The newest checkpoint of a shard; null when there is none. */
  load(shard: string): Soon<Checkpoint | null>;
  /** Calls `listener` when there is something new of a shard to be read. Gives its own undo. */
  subscribe(shard: string, listener: () => void): () => void;
}

/** A journal that answers at once, as a backend in the page needs it. */
export interface JournalAtOnce extends Journal {
  append(shard: string, expectedRev: number, commits: readonly Commit[]): void;
  read(shard: string, fromRev: number): CommitsAfter;
  checkpoint(shard: string, rev: number, snapshot: EngineSnapshot): void;
  load(shard: string): Checkpoint | null;
}

/** That a shard has gone on since it was looked at. */
export class RevConflict extends Error {
  override readonly name = "RevConflict";

  constructor(shard: string, expected: number, found: number) {
    super(`The shard '${shard}' is at commit ${found}, and not at ${expected}: catch up and try again.`);
  }
}
