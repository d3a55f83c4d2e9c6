import { lengthOf } from "../contract/detail.js";
import type { Position } from "../contract/index.js";

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
 * all agents and looks at many of them: to find the fields of as many objects in the memory takes several times as long.
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
  put(row: number, x: number, y: number, z: number): void {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    numbers[at] = x;
    numbers[at + Y] = y;
    numbers[at + Z] = z;
    numbers[at + VERSION] = (numbers[at + VERSION] ?? 0) + 1;
  }

  isAt(row: number, x: number, y: number, z: number): boolean {
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

  band(row: number): number | null {
    const band = this.#get(row, BAND);
    return band < 0 ? null : band;
  }

  setBand(row: number, band: number): void {
    this.#set(row, BAND, band);
  }

  phase(row: number): number {
    return this.#get(row, PHASE);
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

  /** Milliseconds for which an agent has stood still, as one sees it who looks from time to time. */
  restedFor(row: number, now: number): number {
    const version = this.version(row);
    if (version !== this.#get(row, SEEN_VERSION)) this.#set(row, MOVED_AT, now);
    this.#set(row, SEEN_VERSION, version);
    return now - this.#get(row, MOVED_AT);
  }

  /** How far an agent is from a place. */
  distanceFrom(row: number, { x, y, z }: Position): number {
    return lengthOf(this.#get(row, X) - x, this.#get(row, Y) - y, this.#get(row, Z) - z);
  }

  /** How far an agent is from where the server was told that it is; NaN when it was not told. */
  distance(row: number): number {
    return lengthOf(
      this.#get(row, X) - this.#get(row, TOLD_X),
      this.#get(row, Y) - this.#get(row, TOLD_Y),
      this.#get(row, Z) - this.#get(row, TOLD_Z),
    );
  }

  /** Whether an agent is where the server was told that it is. */
  hasCome(row: number): boolean {
    return this.isAt(row, this.#get(row, TOLD_X), this.#get(row, TOLD_Y), this.#get(row, TOLD_Z));
  }

  /** When an agent's time comes, at `everyMs` milliseconds between two times. */
  dueAt(row: number, everyMs: number): number {
    const isSecond = this.#get(row, TIMES) === 1;
    const dueAt = this.#get(row, BEAT) + (isSecond ? everyMs * (1 - this.phase(row)) : everyMs);
    this.#set(row, DUE_AT, dueAt);
    return dueAt;
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
