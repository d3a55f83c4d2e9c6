/** How many there are of each kind. */
export class Tally {
  readonly #counts: Map<string, number>;

  /** @param kinds Those that are told even while there is none of them, in the order in which they are told. */
  constructor(kinds: readonly string[]) {
    this.#counts = new Map(kinds.map((kind) => [kind, 0]));
  }

  /** How many there are of these kinds together. */
  of(...kinds: readonly string[]): number {
    let sum = 0;
    for (const kind of kinds) sum += this.#counts.get(kind) ?? 0;
    return sum;
  }

  add(kind: string): void {
    this.#counts.set(kind, this.of(kind) + 1);
  }

  remove(kind: string): void {
    this.#counts.set(kind, this.of(kind) - 1);
  }

  /** Counts anew. */
  reset(kinds: readonly string[]): void {
    for (const kind of this.#counts.keys()) this.#counts.set(kind, 0);
    for (const kind of kinds) this.add(kind);
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
