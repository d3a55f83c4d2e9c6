/** Milliseconds of one slot: no more than there are between two flushes, so that each of them takes one. */
const SLOT_MS = 15;

/** Slots ahead at the most: who is to be looked at later than that is looked at then. */
const SLOTS = 16;

/** Agents, by their rows, in the order in which they are to be looked at: a flush touches those alone whose time has come. */
export class TimingWheel {
  readonly #slots: number[][] = Array.from({ length: SLOTS }, () => []);
  /** Those whose time had come before and for whom there was no room. */
  #late: readonly number[] = [];
  /** The slot that was taken last, counted from the beginning of time; its place, and the milliseconds of it that had passed. */
  #slot = -1;
  #place = 0;
  #passed = 0;

  /** Puts an agent where `take` finds it `ms` milliseconds after the last time, and the next time at the earliest. */
  add(row: number, ms: number): void {
    const ahead = Math.min(Math.max(Math.ceil((ms + this.#passed) / SLOT_MS), 1), SLOTS);
    this.#slots[(this.#place + ahead) % SLOTS]?.push(row);
  }

  /** Puts back agents that were taken; they come first the next time. */
  addFirst(rows: readonly number[]): void {
    if (rows.length > 0) this.#late = this.#late.length === 0 ? rows : [...rows, ...this.#late];
  }

  /** Takes the agents whose time has come, oldest first. */
  take(now: number): readonly number[] {
    const slot = Math.floor(now / SLOT_MS);
    // A clock that was set back says nothing of when they were to be looked at.
    const count = slot < this.#slot ? SLOTS : Math.min(slot - this.#slot, SLOTS);
    const due = this.#takeSlots(count);
    this.#slot = slot;
    this.#place = (this.#place + count) % SLOTS;
    this.#passed = Math.ceil(now - slot * SLOT_MS);
    return due;
  }

  /** Takes all agents, oldest first. */
  takeAll(): readonly number[] {
    return this.#takeSlots(SLOTS);
  }

  #takeSlots(count: number): number[] {
    const taken = [...this.#late];
    this.#late = [];
    for (let ahead = 1; ahead <= count; ahead += 1) {
      const place = (this.#place + ahead) % SLOTS;
      for (const row of this.#slots[place] ?? []) taken.push(row);
      this.#slots[place] = [];
    }
    return taken;
  }
}
