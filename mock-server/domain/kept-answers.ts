import { gameKey } from "./idle-pools.js";
import type { Holdings } from "./holdings.js";
import { gameOfOwner } from "./owners.js";
import type { World } from "./world.js";

/** How much the kept answers of each owner are, kept beside the world; what a game's are is counted as what it holds. */
export class KeptAnswers {
  readonly #holdings: Holdings;
  readonly #owners = new Map<string, { bytes: number; until: number }>();
  #bytes = 0;

  constructor(world: World, holdings: Holdings) {
    this.#holdings = holdings;
    for (const [owner, kept] of world.answers) {
      for (const { bytes, until } of kept.values()) this.add(owner, bytes, until);
    }
  }

  /** Bytes of all owners' answers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of an owner's answers. */
  of(owner: string): number {
    return this.#owners.get(owner)?.bytes ?? 0;
  }

  /** When the newest of an owner's is too old. */
  until(owner: string): number {
    return this.#owners.get(owner)?.until ?? 0;
  }

  add(owner: string, bytes: number, until: number): void {
    this.#owners.set(owner, { bytes: this.of(owner) + bytes, until });
    this.#count(owner, bytes);
  }

  remove(owner: string, bytes: number): void {
    const left = this.of(owner) - bytes;
    if (left > 0) this.#owners.set(owner, { bytes: left, until: this.until(owner) });
    else this.#owners.delete(owner);
    this.#count(owner, -bytes);
  }

  #count(owner: string, bytes: number): void {
    this.#bytes += bytes;
    this.#holdings.count(gameKey(gameOfOwner(owner)), bytes);
  }
}
