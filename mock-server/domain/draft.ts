import { capabilityMatch, compareRanks, personalityFit, type Worker } from "./chooser.js";
import { kindOf } from "./task-kinds.js";

/** Workers of one type that a team may take, in the order in which it takes them. */
export interface DraftPool<T> {
  readonly worker: Worker;
  readonly members: readonly T[];
}

/**
 * Picks a team one member after the other. What counts, the first first: a place that `preferredTypes` keeps for
 * the type, needs of the work that nobody covers yet, capabilities that nobody has yet, then
 * 0.5 × collaboration + 0.3 × personality fit + 0.2 × capability match, then the order of the pools.
 */
export class Draft {
  readonly #taskType: string;
  readonly #wanted: string[];
  readonly #covered = new Set<string>();

  constructor(taskType: string, preferredTypes: readonly string[]) {
    this.#taskType = taskType;
    this.#wanted = [...preferredTypes];
  }

  /** Picks up to `count` members out of the pools. */
  pick<T>(pools: readonly DraftPool<T>[], count: number): T[] {
    const taken = new Map<DraftPool<T>, number>();
    const team: T[] = [];
    while (team.length < count) {
      let best: { pool: DraftPool<T>; member: T; rank: readonly number[] } | undefined;
      for (const pool of pools) {
        const member = pool.members[taken.get(pool) ?? 0];
        if (member === undefined) continue;
        const rank = this.#rank(pool.worker);
        if (best === undefined || compareRanks(rank, best.rank) > 0) best = { pool, member, rank };
      }
      if (best === undefined) break;
      team.push(best.member);
      taken.set(best.pool, (taken.get(best.pool) ?? 0) + 1);
      this.#count(best.pool.worker);
    }
    return team;
  }

  #rank(worker: Worker): readonly number[] {
    const fresh = worker.capabilities.filter((capability) => !this.#covered.has(capability));
    const { needs } = kindOf(this.#taskType);
    return [
      this.#wanted.includes(worker.type) ? 1 : 0,
      fresh.filter((capability) => needs.includes(capability)).length,
      fresh.length,
      0.5 * worker.personality.collaboration +
        0.3 * personalityFit(worker, this.#taskType) +
        0.2 * capabilityMatch(worker, this.#taskType),
    ];
  }

  #count(worker: Worker): void {
    for (const capability of worker.capabilities) this.#covered.add(capability);
    const place = this.#wanted.indexOf(worker.type);
    if (place >= 0) this.#wanted.splice(place, 1);
  }
}
