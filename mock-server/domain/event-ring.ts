import type { AnyEvent } from "../../src/contract/index.js";
import { bytesOf } from "./event-bytes.js";

/** Rows that there is room for at first; there are many games, and most are quiet. */
const FIRST_ROWS = 16;

/** How many events a game's ring holds, and about how many bytes; past either the oldest go. */
export interface RingBounds {
  readonly events: number;
  readonly bytes: number;
}

/** The newest events of one game, in a ring that grows with them. */
export class GameEvents {
  readonly #bounds: RingBounds;
  #slots: (AnyEvent | undefined)[] = [];
  #first = 0;
  #count = 0;
  #bytes = 0;
  #newest: number;
  #lost: number;

  /** @param lost Up to which place of the log the game's events are not kept. */
  constructor(bounds: RingBounds, lost: number) {
    this.#bounds = bounds;
    this.#newest = lost;
    this.#lost = lost;
  }

  /** The place of its newest event. */
  get newest(): number {
    return this.#newest;
  }

  /** The place of the newest event that is kept no more; all after it are. */
  get lost(): number {
    return this.#lost;
  }

  /** About how many bytes are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes in an event that comes after all others. */
  append(event: AnyEvent): void {
    const { events, bytes } = this.#bounds;
    if (this.#count === this.#slots.length) {
      if (this.#count < events) this.#resize(Math.min(events, Math.max(FIRST_ROWS, 2 * this.#count)));
      else this.#letGo();
    }
    this.#slots[this.#rowOf(this.#count)] = event;
    this.#newest = event.seq;
    this.#count += 1;
    this.#bytes += bytesOf(event);
    while (this.#bytes > bytes && this.#count > 1) this.#letGo();
  }

  /** The events after a place and up to another, `most` of them at the most. */
  between(after: number, until: number, most: number): AnyEvent[] {
    const events: AnyEvent[] = [];
    for (let index = this.#indexAfter(after); index < this.#count && events.length < most; index += 1) {
      const event = this.#slots[this.#rowOf(index)];
      if (event === undefined || event.seq > until) break;
      events.push(event);
    }
    return events;
  }

  /** Lets the oldest events go until no more than so many bytes are held, and the room that they had. */
  shrinkTo(bytes: number): void {
    while (this.#bytes > bytes && this.#count > 1) this.#letGo();
    const rows = Math.max(FIRST_ROWS, 2 * this.#count);
    if (rows < this.#slots.length / 2) this.#resize(rows);
  }

  #letGo(): void {
    const oldest = this.#slots[this.#first];
    if (oldest !== undefined) {
      this.#lost = oldest.seq;
      this.#bytes -= bytesOf(oldest);
    }
    this.#slots[this.#first] = undefined;
    this.#first = this.#rowOf(1);
    this.#count -= 1;
  }

  #rowOf(index: number): number {
    const row = this.#first + index;
    return row < this.#slots.length ? row : row - this.#slots.length;
  }

  /** Where the first event after a place is, counted from the oldest. */
  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#slots[this.#rowOf(middle)]?.seq ?? Infinity) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #resize(rows: number): void {
    const slots = new Array<AnyEvent | undefined>(rows).fill(undefined);
    for (let index = 0; index < this.#count; index += 1) slots[index] = this.#slots[this.#rowOf(index)];
    this.#slots = slots;
    this.#first = 0;
  }
}
