import type { Commit } from "./commit.js";
import type { IdKind, Ids } from "./ids.js";
import type { Ledger } from "./ledger.js";

/** What commands stand on. */
export interface CommandParts {
  readonly ledger: Ledger;
  readonly ids: Ids;
  /** Does what follows from a command and is a part of it. */
  readonly follow: () => void;
  /** Keeps a commit. What it throws takes the command back. */
  readonly append: (commit: Commit) => void;
  /** Is called when a commit was kept and told. */
  readonly settled: () => void;
}

/**
 * Runs commands: run, append, reply, tell. Nobody hears of what is not kept, and of a command that fails, wherever it does, nothing is left:
 * the world, the log and its numbers, ids and what is planned are as they were.
 */
export class Commands {
  readonly #parts: CommandParts;
  readonly #drawn = new Set<IdKind>();
  #rev: number;
  #running = false;

  /** @param rev Of the last commit before. */
  constructor(parts: CommandParts, rev: number) {
    this.#parts = parts;
    this.#rev = rev;
  }

  /** The place of the last commit. */
  get rev(): number {
    return this.#rev;
  }

  /** Whether a command runs now. Time stands still for it, and what is due waits until it is over. */
  get isRunning(): boolean {
    return this.#running;
  }

  /** Draws an id for the command that runs. */
  readonly nextId = (kind: IdKind): string => {
    const { ids, ledger } = this.#parts;
    const before = ids.state();
    ledger.onTakenBack(() => ids.restore(before));
    this.#drawn.add(kind);
    return ids.next(kind);
  };

  /**
   * Does the work as one command, and gives back what it gives. In a command that runs already it is a part of that one: when it fails, no
   * more than this part is taken back.
   */
  run<T>(work: () => T): T {
    return this.#running ? this.#part(work) : this.#whole(work);
  }

  #part<T>(work: () => T): T {
    const { ledger, follow } = this.#parts;
    const mark = ledger.mark();
    try {
      const reply = work();
      follow();
      ledger.leave(mark);
      return reply;
    } catch (error) {
      ledger.takeBack(mark);
      throw error;
    }
  }

  #whole<T>(work: () => T): T {
    const { ledger, append, settled } = this.#parts;
    const mark = ledger.mark();
    this.#running = true;
    let reply: T;
    let commit: Commit | null;
    try {
      reply = this.#part(work);
      commit = this.#commitOf(reply);
      if (commit !== null) append(commit);
    } catch (error) {
      ledger.takeBack(mark);
      throw error;
    } finally {
      this.#running = false;
      this.#drawn.clear();
    }
    if (commit !== null) {
      this.#rev = commit.rev;
      ledger.keep(commit);
    }
    ledger.tell();
    settled();
    return reply;
  }

  /** What the command did; null when it changed nothing. */
  #commitOf(reply: unknown): Commit | null {
    const { ledger, ids } = this.#parts;
    if (this.#drawn.size > 0) {
      const { counts } = ids.state();
      for (const kind of this.#drawn) ledger.note({ type: "ids.given", kind, count: counts[kind] ?? 0 });
    }
    if (ledger.changes.length === 0) return null;
    return { rev: this.#rev + 1, at: ledger.now, changes: ledger.changes, reply: reply ?? null };
  }
}
