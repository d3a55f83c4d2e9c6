import { dispose } from "../../../src/contract/dispose.js";
import type { Clock } from "../../../src/contract/index.js";
import type { SeededRandom } from "../../domain/index.js";
import { isStreamFault } from "./fault.js";
import type { CallFault, Fault, FaultHandle, Faults, ListedFault, StreamFault } from "./fault.js";
import { readFault } from "./read-fault.js";
import { Rule, fitsCall, fitsFrame } from "./rule.js";
import type { SeenCall } from "./rule.js";

/** Faults of a backend at the most. */
export const FAULTS_MAX = 100;

/** What struck one call or one frame. */
export interface Strike<F extends Fault> {
  /** What goes wrong; null where it only comes late. */
  readonly rule: Rule<F> | null;
  /** Milliseconds before that. */
  readonly delay: number;
  /** All that hold it up: once they are gone, it goes on at once. */
  readonly delayedBy: readonly Rule[];
}

/** What faults strike with. */
export interface FaultParts {
  /** The backend's clock, which delays pass on. */
  readonly clock: Clock;
  /** Chance of the faults' own. */
  readonly random: () => SeededRandom;
}

/** The faults of one backend. */
export class FaultList implements Faults {
  readonly #parts: () => FaultParts;
  readonly #calls: Rule<CallFault>[] = [];
  readonly #frames: Rule<StreamFault>[] = [];
  #all: readonly Rule[] = [];
  #last = 0;
  #closed = false;
  /** Told of a fault that strikes connections as they are. */
  readonly #onConnections: (rule: Rule<StreamFault>) => void;

  constructor(parts: () => FaultParts, onConnections: (rule: Rule<StreamFault>) => void) {
    this.#parts = parts;
    this.#onConnections = onConnections;
  }

  /** Whether any fault is one of calls. */
  get hasCalls(): boolean {
    return this.#calls.length > 0;
  }

  /** Whether any fault is one of the event stream. */
  get hasFrames(): boolean {
    return this.#frames.length > 0;
  }

  /** Whether the backend was closed: what was held up then is lost. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get clock(): Clock {
    return this.#parts().clock;
  }

  add(given: Fault): FaultHandle {
    const fault = readFault(given);
    if (this.#all.length >= FAULTS_MAX) this.#dropUsedUp();
    this.#last += 1;
    const id = `fault_${this.#last}`;
    const rule = isStreamFault(fault) ? this.#addFrames(id, fault) : this.#addCalls(id, fault);
    const undo = (): void => {
      this.remove(id);
    };
    const handle = Object.assign(undo, { id, fault, used: 0, [dispose]: undo });
    Object.defineProperty(handle, "used", { get: () => rule.used, enumerable: true });
    return handle;
  }

  list(): readonly ListedFault[] {
    return this.#all.map((rule) => rule.listed());
  }

  unused(): readonly ListedFault[] {
    return this.list().filter(({ used }) => used === 0);
  }

  remove(id: string): boolean {
    const rule = this.#all.find((one) => one.id === id);
    if (rule === undefined) return false;
    this.#all = this.#all.filter((one) => one !== rule);
    for (const rules of [this.#calls, this.#frames]) {
      const place = rules.findIndex((one) => one.id === id);
      if (place >= 0) rules.splice(place, 1);
    }
    rule.end();
    return true;
  }

  clear(): void {
    for (const { id } of this.#all) this.remove(id);
  }

  /** Lets go of all that is held up, for good. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** What strikes a call; null where nothing does. */
  onCall(call: SeenCall): Strike<CallFault> | null {
    return this.#strike(this.#calls, (fault) => fitsCall(fault, call));
  }

  /** What strikes something that is sent, by the types of the events in it. */
  onFrame(types: readonly string[]): Strike<StreamFault> | null {
    return this.#strike(this.#frames, (fault) => fitsFrame(fault, types));
  }

  /** Whether a fault strikes a connection that is open. */
  strikesNow(rule: Rule<StreamFault>): boolean {
    return rule.strikes(this.#random);
  }

  readonly #random = (): SeededRandom => this.#parts().random();

  #strike<F extends Fault>(rules: readonly Rule<F>[], fits: (fault: F) => boolean): Strike<F> | null {
    let found: Rule<F> | null = null;
    let delay = 0;
    const delayedBy: Rule[] = [];
    for (const rule of rules) {
      const isLatency = rule.isLatencyAlone;
      if ((found !== null && !isLatency) || !fits(rule.fault) || !rule.strikes(this.#random)) continue;
      const ms = rule.delay(this.#random);
      delay += ms;
      if (ms > 0) delayedBy.push(rule);
      if (!isLatency) found = rule;
    }
    return found === null && delayedBy.length === 0 ? null : { rule: found, delay, delayedBy };
  }

  #addCalls(id: string, fault: CallFault): Rule {
    const rule = new Rule(id, fault);
    this.#calls.push(rule);
    this.#all = [...this.#all, rule];
    return rule;
  }

  #addFrames(id: string, fault: StreamFault): Rule {
    const rule = new Rule(id, fault);
    this.#frames.push(rule);
    this.#all = [...this.#all, rule];
    const isOfConnections = fault.event === undefined && !["latency", "duplicate"].includes(fault.stream);
    if (isOfConnections) this.#onConnections(rule);
    return rule;
  }

  #dropUsedUp(): void {
    const over = this.#all.find((rule) => rule.isUsedUp);
    if (over === undefined) {
      throw new RangeError(`There are ${FAULTS_MAX} faults already; take some away, or call faults.clear().`);
    }
    this.remove(over.id);
  }
}
