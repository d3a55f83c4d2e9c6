import type { EngineSnapshot } from "../../mock-server/domain/index.js";
import { apply } from "../../mock-server/domain/apply.js";
import type { Commit } from "../../mock-server/domain/commit.js";
import { loadSnapshot, takeSnapshot } from "../../mock-server/domain/snapshot.js";
import type { World } from "../../mock-server/domain/world.js";
import { watchedWork } from "./random-commands.js";

/** A world that is built from a snapshot and commits alone, as they come out of a database: as text. */
export class Replica {
  readonly #base: EngineSnapshot;
  readonly #world: World;
  #rev: number;
  #seq: number;
  #at: number;

  constructor(snapshot: EngineSnapshot) {
    this.#base = copyOf(snapshot);
    this.#world = loadSnapshot(copyOf(snapshot), watchedWork());
    this.#rev = snapshot.rev;
    this.#seq = snapshot.seq;
    this.#at = Date.parse(snapshot.saved_at);
  }

  apply(given: Commit): void {
    const { rev, at, changes } = copyOf(given);
    if (rev !== this.#rev + 1) throw new Error(`Commit ${rev} does not follow ${this.#rev}.`);
    this.#rev = rev;
    this.#at = at;
    for (const change of changes) {
      apply(this.#world, change);
      if ("seq" in change) this.#seq = change.seq;
    }
  }

  snapshot(): EngineSnapshot {
    const { epoch, ids, random } = this.#base;
    const counts = { ...ids.counts, ...Object.fromEntries(this.#world.given) };
    return takeSnapshot({
      world: this.#world,
      epoch,
      seq: this.#seq,
      rev: this.#rev,
      at: this.#at,
      ids: { ...ids, counts },
      random,
    });
  }
}

function copyOf<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}
