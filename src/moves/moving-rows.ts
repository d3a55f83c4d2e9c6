import { bandAt, lengthOf } from "../contract/detail.js";
import type { DetailBand, Position } from "../contract/index.js";

/** What a row holds: first what a move changes, then what was told to the server. The three of a place stand together. */
const X = 0;
const Y = 1;
const Z = 2;
/** How many moves there were. */
const VERSION = 3;
const STATE = 4;
/** The version that a look found, and when it first found it. */
const SEEN_VERSION = 5;
const MOVED_AT = 6;
/** The band of the viewer; -1 before there was a look. */
const BAND = 7;
const TOLD_X = 8;
const TOLD_Y = 9;
const TOLD_Z = 10;
const TOLD_AT = 11;
/** When it was told of, or would have been if somebody had looked in time. */
const BEAT = 12;
const DUE_AT = 13;
const TIMES = 14;
const PHASE = 15;
const WIDTH = 16;

/** Rows that there is room for at first. */
const FIRST_ROWS = 64;

/** Milliseconds by which an agent may be found due too late and keep its beat; one that is later stood still. */
const LATE_MS = 50;

/** What an agent does: it rests, it moved since it was told of, or it left before it was. */
const RESTS = 0;
const WAITS = 1;
const LEFT = 2;

/**
 * Where the agents of a game are, and where and when the server was told of them, in rows of one block of numbers. Each frame moves
 * all agents and looks at many of them: to find the fields of as many objects in the memory takes several times as long. What is
 * asked for many of them is answered with yes, no or a whole number: any other number that a function gives or takes may become an
 * object on the way.
 */
export class MovingRows {
  #numbers = new Float64Array(WIDTH * FIRST_ROWS);

  /** Begins a row. `phase` is from 0 up to 1, another for each: what began together does not stay together. */
  begin(row: number, { x, y, z }: Position, phase: number): void {
    const at = row * WIDTH;
    if (at >= this.#numbers.length) this.#grow(row);
    this.#numbers.fill(NaN, at, at + WIDTH);
    this.#numbers.set([x, y, z, 0, RESTS], at);
    this.#numbers.set([-1], at + BAND);
    this.#numbers.set([-Infinity, -Infinity, -Infinity, 0, phase], at + TOLD_AT);
  }

  /** Moves an agent. */
  put(row: number, { x, y, z }: Position): void {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    numbers[at] = x;
    numbers[at + Y] = y;
    numbers[at + Z] = z;
    numbers[at + VERSION] = (numbers[at + VERSION] ?? 0) + 1;
  }

  isAt(row: number, { x, y, z }: Position): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    return numbers[at] === x && numbers[at + Y] === y && numbers[at + Z] === z;
  }

  /** Where an agent is. */
  position(row: number): Position {
    return { x: this.#get(row, X), y: this.#get(row, Y), z: this.#get(row, Z) };
  }

  version(row: number): number {
    return this.#get(row, VERSION);
  }

  /** Finds out in which of the viewer's bands an agent is. */
  band(row: number, viewer: Position, bands: readonly DetailBand[]): number {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    const x = (numbers[at] ?? NaN) - viewer.x;
    const y = (numbers[at + Y] ?? NaN) - viewer.y;
    const z = (numbers[at + Z] ?? NaN) - viewer.z;
    const before = numbers[at + BAND] ?? -1;
    const band = bandAt(bands, lengthOf(x, y, z), before < 0 ? null : before);
    numbers[at + BAND] = band;
    return band;
  }

  /** Whether an agent moved since it was told of. */
  waits(row: number): boolean {
    return this.#get(row, STATE) === WAITS;
  }

  setWaits(row: number, waits: boolean): void {
    this.#set(row, STATE, waits ? WAITS : RESTS);
  }

  /** Whether an agent left while it waited. */
  hasLeft(row: number): boolean {
    return this.#get(row, STATE) === LEFT;
  }

  setLeft(row: number): void {
    this.#set(row, STATE, LEFT);
  }

  /** Whether an agent has stood still for so many milliseconds, as one sees it who looks from time to time. */
  hasRested(row: number, now: number, ms: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    if (numbers[at + VERSION] !== numbers[at + SEEN_VERSION]) {
      numbers[at + SEEN_VERSION] = numbers[at + VERSION] ?? NaN;
      numbers[at + MOVED_AT] = now;
    }
    return now - (numbers[at + MOVED_AT] ?? NaN) >= ms;
  }

  /** Whether an agent is at least so far from where the server was told that it is; yes where it was not told. */
  isOff(row: number, distance: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    const x = (numbers[at] ?? NaN) - (numbers[at + TOLD_X] ?? NaN);
    const y = (numbers[at + Y] ?? NaN) - (numbers[at + TOLD_Y] ?? NaN);
    const z = (numbers[at + Z] ?? NaN) - (numbers[at + TOLD_Z] ?? NaN);
    return !(lengthOf(x, y, z) < distance);
  }

  /** Whether an agent is where the server was told that it is. */
  hasCome(row: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    if (numbers[at] !== numbers[at + TOLD_X]) return false;
    return numbers[at + Y] === numbers[at + TOLD_Y] && numbers[at + Z] === numbers[at + TOLD_Z];
  }

  /** Whether an agent's time has come, at `everyMs` milliseconds between two times; with Infinity it never comes. */
  isDue(row: number, now: number, everyMs: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    const part = numbers[at + TIMES] === 1 ? 1 - (numbers[at + PHASE] ?? NaN) : 1;
    const dueAt = everyMs === Infinity ? Infinity : (numbers[at + BEAT] ?? NaN) + everyMs * part;
    numbers[at + DUE_AT] = dueAt;
    return dueAt <= now;
  }

  /**
   * Whole milliseconds until an agent that was found not to be due should be looked at again: until its time, `most` at the most. Those
   * that are looked at together are looked at apart the next time.
   */
  lookIn(row: number, now: number, most: number): number {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    const apart = (most * (1 + (numbers[at + PHASE] ?? NaN))) / 2;
    return Math.max(0, Math.ceil(Math.min(apart, (numbers[at + DUE_AT] ?? NaN) - now)));
  }

  /** Moves the time at which an agent is told of, this time and from then on. */
  postpone(row: number, ms: number): void {
    this.#set(row, BEAT, this.#get(row, BEAT) + ms);
  }

  /** The server is told where an agent is. */
  tell(row: number, now: number): void {
    const at = row * WIDTH;
    this.#numbers.copyWithin(at + TOLD_X, at + X, at + Z + 1);
    this.#set(row, TOLD_AT, now);
    // Counted from when it was due, not from the look that found it due: else all who are found together stay together.
    const late = now - this.#get(row, DUE_AT);
    this.#set(row, BEAT, late >= 0 && late <= LATE_MS ? this.#get(row, DUE_AT) : now);
    this.#set(row, TIMES, this.#get(row, TIMES) + 1);
  }

  /** When the server was told of an agent; -Infinity when it was not, or when that is in doubt. */
  toldAt(row: number): number {
    return this.#get(row, TOLD_AT);
  }

  /** What the server was told may not have arrived. */
  doubt(row: number): void {
    this.#set(row, TOLD_X, NaN);
    this.#set(row, TOLD_AT, -Infinity);
  }

  #get(row: number, field: number): number {
    return this.#numbers[row * WIDTH + field] ?? NaN;
  }

  #set(row: number, field: number, value: number): void {
    this.#numbers[row * WIDTH + field] = value;
  }

  #grow(row: number): void {
    const numbers = new Float64Array(Math.max(WIDTH * (row + 1), 2 * this.#numbers.length));
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
