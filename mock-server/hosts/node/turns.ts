import type { Clock } from "../../../src/contract/index.js";
import { EngineError } from "../../domain/index.js";

/** What may be on its way for one caller at the same time, and how much of the event loop it may have. */
export interface TurnBounds {
  /** Bytes of bodies that are read and of answers that are not read yet, of one caller. */
  readonly ownBytes: number;
  /** The same of all callers; past it a caller may have one call on its way. */
  readonly allBytes: number;
  /** Calls of one caller that wait for their turn; one more is refused. */
  readonly waiting: number;
  /** Bytes that may lie before the calls of one caller that wait: what its connections bring is held up, and some of it has come already. */
  readonly waitingBytes: number;
}

export const TURN_BOUNDS: TurnBounds = {
  ownBytes: 16_777_216,
  allBytes: 67_108_864,
  waiting: 1_000,
  waitingBytes: 8_388_608,
};

/** The part of the event loop's time that a caller may have for long while others are there. */
const SHARE = 1 / 16;

/** Milliseconds of the loop that a caller may have at once, after it had less than its share. */
const BURST_MS = 25;

/** Milliseconds that a caller may owe at the most: who made one call that took very long waits a moment, and not for a minute. */
const DEBT_MS = 125;

/** Milliseconds of the loop that a call takes beside its own work. */
const CALL_MS = 0.1;

/**
 * Milliseconds that a call's own work is counted as at the most, and bytes of a body or of a long answer for which it is one more: several times what
 * they take. Where it took longer the machine did something else meanwhile, for which nobody is to wait.
 */
const WORK_MS = 1;
const WORK_BYTES = 50_000;

/** Milliseconds for which a caller is there after a call. */
const THERE_MS = 250;

/** Bytes of a body that may have come though nobody reads it: what a socket and its request hold before they stop. */
const HELD_UP_BYTES = 65_536;

/** Callers that are known at the same time before those are forgotten of whom there is nothing to know. */
const UNITS_MAX = 10_000;

/** Who calls without being known: strangers, and event streams that have said no hello. */
const NOBODY = "";

interface Waiting {
  readonly bytes: number;
  go(ms: number): void;
}

interface Unit {
  readonly name: string;
  bytes: number;
  /** Milliseconds of the loop that it may still have; below 0 what it had too much. */
  credit: number;
  at: number;
  /** What its last call took; the next is taken to be like it until it is known. */
  lastMs: number;
  readonly waiting: Waiting[];
  waitingBytes: number;
  wake: (() => void) | null;
}

/** What a call was let in for. */
export interface Turn {
  readonly unit: string;
  /** Bytes that it brings, or may be answered with. */
  readonly bytes: number;
  /** Milliseconds of the loop that were counted for it beforehand. */
  readonly ms: number;
}

/**
 * Whose turn it is, where many callers share one event loop and one memory. A caller, which is a game, has as much of the loop as it wants while nobody
 * else is there, and for long a sixteenth while somebody is: its next calls wait then, unread, so that whoever floods the server waits and nobody else.
 * They wait as well while as many bytes of the caller's are on their way as may be: bodies that come, answers that it does not read.
 */
export class Turns {
  readonly #clock: Pick<Clock, "setTimeout">;
  readonly #now: () => number;
  readonly #bounds: TurnBounds;
  readonly #units = new Map<string, Unit>();
  #bytes = 0;
  /** Who called last, and when somebody else did before. */
  #last = NOBODY;
  #lastAt = -Infinity;
  #otherAt = -Infinity;

  /** @param stopwatch Milliseconds from any beginning, as fine as the machine counts them. */
  constructor(clock: Pick<Clock, "setTimeout">, stopwatch: () => number, bounds: Partial<TurnBounds> = {}) {
    this.#clock = clock;
    this.#now = stopwatch;
    this.#bounds = { ...TURN_BOUNDS, ...bounds };
  }

  /** Bytes on their way, of one caller or of all. */
  bytes(unit?: string): number {
    return unit === undefined ? this.#bytes : (this.#units.get(unit)?.bytes ?? 0);
  }

  /** Notes that somebody is there who needs no turn. A caller's own event stream is the caller, not somebody else for whom it would have to wait. */
  seen(name: string | null = null): void {
    this.#note(name ?? NOBODY, this.#now());
  }

  /**
   * Lets a call in, at once where it can.
   *
   * @param bytes What its body has at the most, and its answer, where that may be long.
   * @throws EngineError `rate_limited` where too many of the caller's wait already.
   */
  begin(name: string, bytes: number): Turn | Promise<Turn> {
    const now = this.#now();
    this.#note(name, now);
    const unit = this.#unitOf(name, now);
    if (unit.waiting.length === 0 && this.#mayGo(unit, bytes, now))
      return { unit: name, bytes, ms: this.#go(unit, bytes) };
    const ahead = Math.min(bytes, HELD_UP_BYTES);
    if (
      unit.waiting.length >= this.#bounds.waiting ||
      (ahead > 0 && unit.waitingBytes + ahead > this.#bounds.waitingBytes)
    ) {
      throw new EngineError("rate_limited", `${unit.waiting.length} calls wait already, as many as may.`, {
        retryAfterSeconds: 1,
      });
    }
    unit.waitingBytes += ahead;
    return new Promise((resolve) => {
      unit.waiting.push({ bytes, go: (ms) => resolve({ unit: name, bytes, ms }) });
      this.#wakeLater(unit, now);
    });
  }

  /** Notes how long a call that was let in has held the loop. */
  took({ unit: name, bytes, ms }: Turn, milliseconds: number): void {
    const unit = this.#units.get(name);
    if (unit === undefined) return;
    unit.lastMs = Math.min(milliseconds, WORK_MS + bytes / WORK_BYTES) + CALL_MS;
    unit.credit = Math.max(-DEBT_MS, unit.credit + ms - unit.lastMs);
  }

  /** Counts bytes that are on their way for a caller, until what is returned is called. */
  hold(name: string, bytes: number): () => void {
    this.#count(this.#unitOf(name, this.#now()), bytes);
    let isHeld = true;
    return () => {
      if (isHeld) this.release(name, bytes);
      isHeld = false;
    };
  }

  /** Counts bytes no more that a call was let in with. */
  release(name: string, bytes: number): void {
    const unit = this.#units.get(name);
    if (unit === undefined) return;
    const wasFull = this.#bytes > this.#bounds.allBytes;
    this.#count(unit, -bytes);
    this.#letIn(unit);
    if (!wasFull) return;
    for (const other of this.#units.values()) if (other.waiting.length > 0) this.#letIn(other);
  }

  #note(name: string, now: number): void {
    if (name !== this.#last) {
      this.#otherAt = this.#lastAt;
      this.#last = name;
    }
    this.#lastAt = now;
  }

  #isAlone(name: string, now: number): boolean {
    return now - (name === this.#last ? this.#otherAt : this.#lastAt) >= THERE_MS;
  }

  #mayGo(unit: Unit, bytes: number, now: number): boolean {
    if (unit.bytes > 0) {
      const { ownBytes, allBytes } = this.#bounds;
      if (unit.bytes + bytes > ownBytes || this.#bytes + bytes > allBytes) return false;
    }
    return unit.credit >= 0 || this.#isAlone(unit.name, now);
  }

  #go(unit: Unit, bytes: number): number {
    this.#count(unit, bytes);
    const { lastMs } = unit;
    unit.credit = Math.max(-DEBT_MS, unit.credit - lastMs);
    return lastMs;
  }

  #letIn(unit: Unit): void {
    const now = this.#now();
    this.#refill(unit, now);
    for (let next = unit.waiting[0]; next !== undefined; next = unit.waiting[0]) {
      if (!this.#mayGo(unit, next.bytes, now)) break;
      unit.waiting.shift();
      unit.waitingBytes -= Math.min(next.bytes, HELD_UP_BYTES);
      next.go(this.#go(unit, next.bytes));
    }
    this.#wakeLater(unit, now);
  }

  /** Looks again once the caller has time of the loop again, or the others may have gone. */
  #wakeLater(unit: Unit, now: number): void {
    if (unit.wake !== null || unit.waiting.length === 0) return;
    // Without a debt it is bytes that are waited for, and their end is told.
    if (unit.credit >= 0 || this.#isAlone(unit.name, now)) return;
    unit.wake = this.#clock.setTimeout(
      () => {
        unit.wake = null;
        this.#letIn(unit);
      },
      Math.min(THERE_MS, Math.ceil(-unit.credit / SHARE)),
    );
  }

  #count(unit: Unit, bytes: number): void {
    unit.bytes += bytes;
    this.#bytes += bytes;
  }

  #unitOf(name: string, now: number): Unit {
    let unit = this.#units.get(name);
    if (unit === undefined) {
      if (this.#units.size >= UNITS_MAX) this.#forget(now);
      unit = {
        name,
        bytes: 0,
        credit: BURST_MS,
        at: now,
        lastMs: CALL_MS,
        waiting: [],
        waitingBytes: 0,
        wake: null,
      };
      this.#units.set(name, unit);
    } else this.#refill(unit, now);
    return unit;
  }

  #refill(unit: Unit, now: number): void {
    unit.credit = Math.min(BURST_MS, unit.credit + (now - unit.at) * SHARE);
    unit.at = now;
  }

  #forget(now: number): void {
    for (const unit of this.#units.values()) {
      this.#refill(unit, now);
      const isKnown = unit.bytes > 0 || unit.waiting.length > 0 || unit.credit < BURST_MS;
      if (!isKnown) this.#units.delete(unit.name);
    }
  }
}
