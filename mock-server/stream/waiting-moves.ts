import type { EventOf } from "../../src/contract/index.js";

/** What a waiting move is. */
export type Moved = EventOf<"agent.moved">;

/** Moves that have yet to be told, the newest of each agent alone, in the order in which they happened. */
export class WaitingMoves {
  /** Null while none has waited yet: most who listen to nothing but a few events never have any. */
  #moves: Map<string, Moved> | null = null;

  /** How many wait: never more than there are agents. */
  get size(): number {
    return this.#moves?.size ?? 0;
  }

  add(move: Moved): void {
    const { agent_id } = move.data;
    const moves = (this.#moves ??= new Map());
    // A newer one comes last: it happened after all that wait.
    moves.delete(agent_id);
    moves.set(agent_id, move);
  }

  /** Takes some from before those that wait, but for those of agents of which a newer one waits. */
  addOlder(moves: readonly Moved[]): void {
    if (moves.length === 0) return;
    const newer = this.#moves;
    this.#moves = null;
    for (const move of moves) if (newer?.has(move.data.agent_id) !== true) this.add(move);
    for (const move of newer?.values() ?? []) this.add(move);
  }

  /** An agent is gone: its moves are news no more. */
  forget(agentId: string): void {
    this.#moves?.delete(agentId);
  }

  /** Takes out those that happened before a place of the log, `most` of them at the most. */
  take(before: number, most: number): Moved[] {
    const taken: Moved[] = [];
    const moves = this.#moves;
    if (moves === null) return taken;
    for (const [agentId, move] of moves) {
      if (move.seq >= before || taken.length === most) break;
      moves.delete(agentId);
      taken.push(move);
    }
    return taken;
  }

  clear(): void {
    this.#moves = null;
  }
}
