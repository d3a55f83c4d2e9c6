import type { Commit } from "./commit.js";
import type { IdKind, Ids } from "./ids.js";
import { BEGINNING, type Ledger } from "./ledger.js";

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
  /** Kinds of ids that the command has drawn. */
  readonly #drawn: IdKind[] = [];
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
    const before = ids.given(kind);
    ledger.onTakenBack(() => ids.setGiven(kind, before));
    if (!this.#drawn.includes(kind)) this.#drawn.push(kind);
    return ids.next(kind);
  };

  /**
   * Does the work as one command, and gives back what it gives. In a command that runs already it is a part of that one: when it fails, no
   * more than this part is taken back.
   */
  run<A extends unknown[], T>(work: (...args: A) => T, args: A): T {
    return this.#running ? this.#part(work, args) : this.#whole(work, args);
  }

  #part<A extends unknown[], T>(work: (...args: A) => T, args: A): T {
    const { ledger, follow } = this.#parts;
    const mark = ledger.mark();
    try {
      const reply = work(...args);
      follow();
      ledger.leave(mark);
      return reply;
    } catch (error) {
      ledger.takeBack(mark);
      throw error;
    }
  }

  #whole<A extends unknown[], T>(work: (...args: A) => T, args: A): T {
    const { ledger, follow, append, settled } = this.#parts;
    this.#running = true;
    let reply: T;
    let commit: Commit | null;
    try {
      reply = work(...args);
      follow();
      commit = this.#commitOf(reply);
      if (commit !== null) append(commit);
    } catch (error) {
      ledger.takeBack(BEGINNING);
      throw error;
    } finally {
      this.#running = false;
      this.#drawn.length = 0;
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
    for (const kind of this.#drawn) ledger.note({ type: "ids.given", kind, count: ids.given(kind) });
    if (ledger.changes.length === 0) return null;
    return { rev: this.#rev + 1, at: ledger.now, changes: ledger.changes, reply: reply ?? null };
  }
}
