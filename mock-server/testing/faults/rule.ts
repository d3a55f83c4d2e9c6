import type { SeededRandom } from "../../domain/index.js";
import { isStreamFault } from "./fault.js";
import type { CallFault, Fault, ListedFault, StreamFault } from "./fault.js";
import { globFits } from "./glob.js";

/** A call, as faults see it. */
export interface SeenCall {
  /** Its name in the contract; null for an address where there is none. */
  readonly route: string | null;
  /** Its path, with what stands in it; asked for by faults that name a path alone. */
  path(): string;
}

/** One fault that was added, with what it has done. */
export class Rule<F extends Fault = Fault> {
  readonly id: string;
  readonly fault: F;
  #fitted = 0;
  #used = 0;
  #gone = false;
  /** What lets go of all that it holds up. */
  readonly #held = new Set<() => void>();

  constructor(id: string, fault: F) {
    this.id = id;
    this.fault = fault;
  }

  get used(): number {
    return this.#used;
  }

  get isUsedUp(): boolean {
    return this.fault.times !== undefined && this.#used >= this.fault.times;
  }

  /** Whether it has nothing to do but to hold something up. */
  get isLatencyAlone(): boolean {
    const { fault } = this;
    if (isStreamFault(fault)) return fault.stream === "latency";
    return fault.status === undefined && fault.code === undefined && fault.answer === undefined;
  }

  /** Whether it strikes one that it fits, which counts. */
  strikes(random: () => SeededRandom): boolean {
    const { skip = 0, chance } = this.fault;
    if (this.#gone || this.isUsedUp) return false;
    this.#fitted += 1;
    if (this.#fitted <= skip) return false;
    if (chance !== undefined && random().next() >= chance) return false;
    this.#used += 1;
    return true;
  }

  /** Milliseconds that it takes this time. */
  delay(random: () => SeededRandom): number {
    const { latency = 0, jitter = 0 } = this.fault;
    return latency + (jitter > 0 ? random().next() * jitter : 0);
  }

  /** Holds something up until what comes back is called, or the rule goes and calls `letGo`. */
  hold(letGo: () => void): () => void {
    if (this.#gone) {
      letGo();
      return () => undefined;
    }
    this.#held.add(letGo);
    return () => {
      this.#held.delete(letGo);
    };
  }

  /** It is there no more. */
  end(): void {
    this.#gone = true;
    const held = [...this.#held];
    this.#held.clear();
    for (const letGo of held) letGo();
  }

  listed(): ListedFault {
    const { id, fault } = this;
    return { id, fault, used: this.#used, left: fault.times === undefined ? null : fault.times - this.#used };
  }
}

/** Whether a fault fits a call. */
export function fitsCall({ route, path }: CallFault, call: SeenCall): boolean {
  if (route !== undefined && ![route].flat().some((name) => name === call.route)) return false;
  return path === undefined || globFits(path, call.path());
}

/** Whether a fault fits what is sent: the types of events in it, none where it holds none. */
export function fitsFrame({ stream, event }: StreamFault, types: readonly string[]): boolean {
  if (event === undefined) return stream !== "duplicate" || types.length > 0;
  return types.some((type) => globFits(event, type));
}
