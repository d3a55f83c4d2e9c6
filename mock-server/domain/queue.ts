import { IndexedHeap } from "./heap.js";
import { gameKey } from "./idle-pools.js";
import type { TaskRecord } from "./world.js";

/** Higher priority first, then the older one. */
export function inOrder(a: TaskRecord, b: TaskRecord): number {
  return b.task.priority - a.task.priority || a.ordinal - b.ordinal;
}

type Line = IndexedHeap<TaskRecord>;

/** Where a task waits. */
interface Place {
  readonly lines: Map<string, Line>;
  readonly key: string;
  readonly game: string;
}

/**
 * The tasks that wait: `pending` ones by game, `assigned` ones by agent. A pending task of no game was given by
 * a caller who sees all games, and any agent may take it.
 */
export class TaskQueue {
  readonly #pending = new Map<string, Line>();
  readonly #assigned = new Map<string, Line>();
  readonly #places = new Map<TaskRecord, Place>();
  readonly #counts = new Map<string, number>();

  /** Tasks of a game that wait. */
  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Puts a task where its status says, or takes it out when it waits no more. */
  place(record: TaskRecord): void {
    this.remove(record);
    const { status, agent_id, game_id } = record.task;
    if (status === "pending") this.#put(this.#pending, gameKey(game_id), record);
    else if (status === "assigned" && agent_id !== null) this.#put(this.#assigned, agent_id, record);
  }

  remove(record: TaskRecord): void {
    const place = this.#places.get(record);
    if (place === undefined) return;
    this.#places.delete(record);
    const line = place.lines.get(place.key);
    line?.remove(record);
    if (line?.size === 0) place.lines.delete(place.key);
    const left = this.count(place.game) - 1;
    if (left > 0) this.#counts.set(place.game, left);
    else this.#counts.delete(place.game);
  }

  /** What an agent does next: the first of those that wait for it and those that it may take. */
  nextFor(agentId: string, gameId: string | null): TaskRecord | undefined {
    let next = this.#assigned.get(agentId)?.peek();
    for (const key of gameId === null ? [""] : [gameId, ""]) {
      const pending = this.#pending.get(key)?.peek();
      if (pending && (next === undefined || inOrder(pending, next) < 0)) next = pending;
    }
    return next;
  }

  /** The tasks of a game that wait for anybody to be free, in no order. */
  pendingOf(gameId: string): TaskRecord[] {
    return [...(this.#pending.get(gameId)?.values() ?? [])];
  }

  /** The first of those that wait for each agent, in no order. */
  *firstAssigned(): Generator<TaskRecord> {
    for (const line of this.#assigned.values()) {
      const first = line.peek();
      if (first) yield first;
    }
  }

  /** The first of those of each game that wait for anybody to be free, in no order. */
  *firstPending(): Generator<TaskRecord> {
    for (const line of this.#pending.values()) {
      const first = line.peek();
      if (first) yield first;
    }
  }

  /** The tasks that wait for an agent, in order. */
  waitingFor(agentId: string): TaskRecord[] {
    return [...(this.#assigned.get(agentId)?.values() ?? [])].sort(inOrder);
  }

  #put(lines: Map<string, Line>, key: string, record: TaskRecord): void {
    let line = lines.get(key);
    if (line === undefined) lines.set(key, (line = new IndexedHeap(inOrder)));
    line.push(record);
    const game = gameKey(record.task.game_id);
    this.#places.set(record, { lines, key, game });
    this.#counts.set(game, this.count(game) + 1);
  }
}
