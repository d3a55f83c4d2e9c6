/** Milliseconds of one slot: no more than there are between two flushes, so that each of them takes one. */
const SLOT_MS = 15;

/** Slots ahead at the most: who is to be looked at later than that is looked at then. */
const SLOTS = 16;

/** In the place of a row: there is none. */
const NONE = -1;

/**
 * Agents, by their rows, in the order in which they are to be looked at: a flush touches those alone whose time has come. A slot is a
 * chain of rows, since a list for each would be made anew with every flush.
 */
export class TimingWheel {
  /** The first and the last row of each slot, and by row the one that comes after it. */
  readonly #first = new Int32Array(SLOTS).fill(NONE);
  readonly #last = new Int32Array(SLOTS).fill(NONE);
  #after: Int32Array = new Int32Array(64);
  /** Those whose time had come before and for whom there was no room. */
  #late: readonly number[] = [];
  /** Where those are told that were taken. */
  #taken: Int32Array = new Int32Array(64);
  /** The slot that was taken last, counted from the beginning of time; its place, and the milliseconds of it that had passed. */
  #slot = -1;
  #place = 0;
  #passed = 0;

  /** Puts an agent where `take` finds it `ms` milliseconds after the last time, and the next time at the earliest. */
  add(row: number, ms: number): void {
    const ahead = Math.min(Math.max(Math.ceil((ms + this.#passed) / SLOT_MS), 1), SLOTS);
    const place = (this.#place + ahead) % SLOTS;
    if (row >= this.#after.length) this.#after = grown(this.#after, row);
    this.#after[row] = NONE;
    const last = this.#last[place] ?? NONE;
    if (last === NONE) this.#first[place] = row;
    else this.#after[last] = row;
    this.#last[place] = row;
  }

  /** Puts back agents that were taken; they come first the next time. */
  addFirst(rows: readonly number[]): void {
    if (rows.length > 0) this.#late = this.#late.length === 0 ? rows : [...rows, ...this.#late];
  }

  /** Takes the agents whose time has come, oldest first. They are to be gone through before others are taken. */
  take(now: number): Int32Array {
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
  takeAll(): Int32Array {
    return this.#takeSlots(SLOTS);
  }

  #takeSlots(count: number): Int32Array {
    let taken = 0;
    for (const row of this.#late) this.#put(taken++, row);
    this.#late = [];
    for (let ahead = 1; ahead <= count; ahead += 1) {
      const place = (this.#place + ahead) % SLOTS;
      for (let row = this.#first[place] ?? NONE; row !== NONE; row = this.#after[row] ?? NONE)
        this.#put(taken++, row);
      this.#first[place] = NONE;
      this.#last[place] = NONE;
    }
    return this.#taken.subarray(0, taken);
  }

  #put(index: number, row: number): void {
    if (index >= this.#taken.length) this.#taken = grown(this.#taken, index);
    this.#taken[index] = row;
  }
}

/** The same numbers with room for one at an index. */
function grown(numbers: Int32Array, index: number): Int32Array {
  const more = new Int32Array(Math.max(index + 1, 2 * numbers.length));
  more.set(numbers);
  return more;
}
