import type { Agenda, JobKind } from "./agenda.js";
import type { Ledger } from "./ledger.js";
import type { World } from "./world.js";

/** Plans what is to be done later. What is planned is a part of the world, and changes as all of it does. */
export class Planner {
  readonly #agenda: Agenda;
  readonly #ledger: Ledger;

  constructor(world: World, ledger: Ledger) {
    this.#agenda = world.agenda;
    this.#ledger = ledger;
  }

  /** Plans a job, in the place of the one of its kind and id, if there is one. */
  schedule(kind: JobKind, id: string, due: number): void {
    this.#ledger.note({ type: "job.planned", kind, id, due });
  }

  cancel(kind: JobKind, id: string): void {
    if (this.has(kind, id)) this.#ledger.note({ type: "job.dropped", kind, id });
  }

  has(kind: JobKind, id: string): boolean {
    return this.#agenda.get(kind, id) !== undefined;
  }
}
