/** What became of who wanted a place: whether it has one, and who left for it. */
export interface Placing<T> {
  readonly placed: boolean;
  readonly left: T | null;
}

/**
 * Who leaves where all places are taken. Of `seats`, which are kept, it is the newest, and only for a holder that has fewer; in a `queue`, where
 * everybody stays for a moment, the oldest, whoever comes.
 */
export type PlacesKind = "seats" | "queue";

const PLACED: Placing<never> = { placed: true, left: null };
const REFUSED: Placing<never> = { placed: false, left: null };

/**
 * A bounded number of places, of which any holder may have all that nobody else wants. Once they are taken, the holder that has most gives one up:
 * so who takes all of them keeps nobody else away.
 */
export class FairPlaces<T> {
  readonly #maximum: number;
  readonly #kind: PlacesKind;
  readonly #held = new Map<string, Set<T>>();
  #taken = 0;

  constructor(maximum: number, kind: PlacesKind) {
    this.#maximum = maximum;
    this.#kind = kind;
  }

  /** Places that are taken. */
  get size(): number {
    return this.#taken;
  }

  /** Takes a place for an item of a holder. Who left for it has no place any more; whoever asks ends it. */
  take(holder: string, item: T): Placing<T> {
    if (this.#taken < this.#maximum) {
      this.#add(holder, item);
      return PLACED;
    }
    const own = this.#held.get(holder)?.size ?? 0;
    const [most, count] = this.#largest();
    // With one fewer it has to have as many as the newcomer then has, or the two would turn each other out for ever.
    if (this.#kind === "seats" && count < own + 2) return REFUSED;
    const from = own === count ? holder : most;
    const left = this.#leaving(from);
    if (left === null) return REFUSED;
    this.leave(from, left);
    this.#add(holder, item);
    return { placed: true, left };
  }

  /** Gives a place up. One that is not taken is nothing. */
  leave(holder: string, item: T): void {
    const items = this.#held.get(holder);
    if (items?.delete(item) !== true) return;
    this.#taken -= 1;
    if (items.size === 0) this.#held.delete(holder);
  }

  #add(holder: string, item: T): void {
    let items = this.#held.get(holder);
    if (items === undefined) this.#held.set(holder, (items = new Set()));
    items.add(item);
    this.#taken += 1;
  }

  #largest(): [holder: string, count: number] {
    let largest: [string, number] = ["", 0];
    for (const [holder, { size }] of this.#held) if (size > largest[1]) largest = [holder, size];
    return largest;
  }

  #leaving(holder: string): T | null {
    let chosen: T | null = null;
    for (const item of this.#held.get(holder) ?? []) {
      chosen = item;
      if (this.#kind === "queue") break;
    }
    return chosen;
  }
}
