import type { AgentRecord } from "./agent-record.js";
import { IndexedHeap } from "./heap.js";

/** The game an index is kept by; what belongs to no game has one of its own. No id is empty. */
export function gameKey(gameId: string | null): string {
  return gameId ?? "";
}

/** The game of such a key. */
export function gameOfKey(key: string): string | null {
  return key === "" ? null : key;
}

interface Pool {
  size: number;
  readonly byType: Map<string, IndexedHeap<AgentRecord>>;
}

/** The idle agents of each game by type, oldest first: agents of one type fit equally, so age decides among them. */
export class IdlePools {
  readonly #pools = new Map<string, Pool>();

  add(record: AgentRecord): void {
    const key = gameKey(record.agent.game_id);
    let pool = this.#pools.get(key);
    if (pool === undefined) this.#pools.set(key, (pool = { size: 0, byType: new Map() }));
    let heap = pool.byType.get(record.agent.type);
    if (heap === undefined) {
      heap = new IndexedHeap((a, b) => a.ordinal - b.ordinal);
      pool.byType.set(record.agent.type, heap);
    }
    if (heap.has(record)) return;
    heap.push(record);
    pool.size += 1;
  }

  /** Tells whether the agent was in. */
  remove(record: AgentRecord): boolean {
    const key = gameKey(record.agent.game_id);
    const pool = this.#pools.get(key);
    const heap = pool?.byType.get(record.agent.type);
    if (pool === undefined || heap?.remove(record) !== true) return false;
    pool.size -= 1;
    if (heap.size === 0) pool.byType.delete(record.agent.type);
    if (pool.size === 0) this.#pools.delete(key);
    return true;
  }

  /** Idle agents of a game. */
  count(key: string): number {
    return this.#pools.get(key)?.size ?? 0;
  }

  /** Games that have idle agents. */
  keys(): IterableIterator<string> {
    return this.#pools.keys();
  }

  /** The oldest idle agent of each type in a game. */
  *heads(key: string): Generator<AgentRecord> {
    for (const heap of this.#pools.get(key)?.byType.values() ?? []) {
      const head = heap.peek();
      if (head) yield head;
    }
  }

  /** The `count` oldest idle agents of each type in a game. */
  byType(key: string, count: number): AgentRecord[][] {
    return [...(this.#pools.get(key)?.byType.values() ?? [])].map((heap) => heap.first(count));
  }
}
