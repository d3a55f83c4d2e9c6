import { gameKey } from "./idle-pools.js";
import type { TaskRecord } from "./world.js";

/** What one game has, and the ordinal of the newest task that it ever had meanwhile. */
interface Own {
  tasks: Set<TaskRecord>;
  newest: number;
}

/** The tasks of each game in the order of their making, so that a game which asks for its own pays nothing for those of others. */
export class TasksByGame {
  readonly #games = new Map<string, Own>();
  readonly #gameOf = new Map<TaskRecord, string>();

  of(gameId: string): Iterable<TaskRecord> {
    return this.#games.get(gameId)?.tasks ?? [];
  }

  has(gameId: string): boolean {
    return this.#games.has(gameId);
  }

  /** Puts a task where it belongs now: one of no game becomes a game's when an agent of the game takes it. */
  place(record: TaskRecord): void {
    const key = gameKey(record.task.game_id);
    if (this.#gameOf.get(record) === key) return;
    this.remove(record);
    this.#gameOf.set(record, key);
    const own = this.#games.get(key) ?? { tasks: new Set(), newest: -1 };
    this.#games.set(key, own);
    own.tasks.add(record);
    if (record.ordinal > own.newest) own.newest = record.ordinal;
    else own.tasks = new Set([...own.tasks].sort((a, b) => a.ordinal - b.ordinal));
  }

  remove(record: TaskRecord): void {
    const key = this.#gameOf.get(record);
    if (key === undefined) return;
    this.#gameOf.delete(record);
    const own = this.#games.get(key);
    own?.tasks.delete(record);
    if (own?.tasks.size === 0) this.#games.delete(key);
  }
}
