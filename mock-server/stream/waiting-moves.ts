import type { EventOf } from "../../src/contract/index.js";

/** What a waiting move is. */
export type Moved = EventOf<"agent.moved">;

/** Moves that have yet to be told, the newest of each agent alone, in the order in which they happened. */
export class WaitingMoves {
  #moves = new Map<string, Moved>();

  /** How many wait: never more than there are agents. */
  get size(): number {
    return this.#moves.size;
  }

  add(move: Moved): void {
    const { agent_id } = move.data;
    // A newer one comes last: it happened after all that wait.
    this.#moves.delete(agent_id);
    this.#moves.set(agent_id, move);
  }

  /** Takes some from before those that wait, but for those of agents of which a newer one waits. */
  addOlder(moves: readonly Moved[]): void {
    if (moves.length === 0) return;
    const newer = this.#moves;
    this.#moves = new Map();
    for (const move of moves) if (!newer.has(move.data.agent_id)) this.add(move);
    for (const move of newer.values()) this.add(move);
  }

  /** An agent is gone: its moves are news no more. */
  forget(agentId: string): void {
    this.#moves.delete(agentId);
  }

  /** Takes out those that happened before a place of the log, `most` of them at the most. */
  take(before: number, most: number): Moved[] {
    const taken: Moved[] = [];
    for (const [agentId, move] of this.#moves) {
      if (move.seq >= before || taken.length === most) break;
      this.#moves.delete(agentId);
      taken.push(move);
    }
    return taken;
  }

  clear(): void {
    this.#moves.clear();
  }
}
