import type { Change } from "./changes.js";

/** What one command did, whole: a replica that applies commits in their order is the world that made them. */
export interface Commit {
  /** Its place among all commits of its shard, from 1 on with no gap. */
  readonly rev: number;
  /** The time at which all of it happened, in milliseconds. */
  readonly at: number;
  /** Everything that changed, in order: events of the contract, and facts that no client hears of. */
  readonly changes: readonly Change[];
  /** What its caller was given back; null for what was due and had no caller. */
  readonly reply: unknown;
}
