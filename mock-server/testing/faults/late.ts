import type { CancelTimer } from "../../../src/contract/index.js";
import type { FaultList } from "./fault-list.js";
import type { Rule } from "./rule.js";

/** Characters and things that one side of a connection may have waiting. */
const CHARACTERS_MAX = 16_777_216;
const ITEMS_MAX = 10_000;

/** For all connections: there are two of these for each. */
const nothing = (): void => undefined;

interface Item {
  readonly due: number;
  readonly size: number;
  readonly run: () => void;
}

/** What is done later, in its order: nothing overtakes what was before it. */
export class Late {
  readonly #faults: Pick<FaultList, "clock">;
  readonly #emptied: () => void;
  #items: Item[] = [];
  #size = 0;
  #lastDue = 0;
  #cancel: CancelTimer = nothing;
  /** By the rules that hold something up; null while none does. */
  #holds: Map<Rule, () => void> | null = null;

  /** @param emptied Told when nothing waits any more. */
  constructor(faults: Pick<FaultList, "clock">, emptied: () => void) {
    this.#faults = faults;
    this.#emptied = emptied;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Characters that wait. */
  get size(): number {
    return this.#size;
  }

  /** Does something after `delay` milliseconds and after all before it; at once where nothing waits. False where there is no room. */
  push(delay: number, delayedBy: readonly Rule[], size: number, run: () => void): boolean {
    if (delay <= 0 && this.isEmpty) {
      run();
      return true;
    }
    if (this.#size + size > CHARACTERS_MAX || this.#items.length >= ITEMS_MAX) return false;
    const { clock } = this.#faults;
    this.#lastDue = Math.max(this.#lastDue, clock.now() + delay);
    this.#items.push({ due: this.#lastDue, size, run });
    this.#size += size;
    for (const rule of delayedBy) this.#hold(rule);
    if (this.#items.length === 1) this.#arm();
    return true;
  }

  clear(): void {
    this.#cancel();
    this.#items = [];
    this.#size = 0;
    this.#release();
  }

  /** What a rule holds up that goes away comes at once. */
  #hold(rule: Rule): void {
    const holds = (this.#holds ??= new Map());
    if (holds.has(rule)) return;
    const letGo = (): void => {
      this.#run(Infinity);
    };
    holds.set(rule, rule.hold(letGo));
  }

  #release(): void {
    for (const forget of this.#holds?.values() ?? []) forget();
    this.#holds = null;
    this.#lastDue = 0;
  }

  #arm(): void {
    const { clock } = this.#faults;
    this.#cancel();
    const [first] = this.#items;
    if (first === undefined) return;
    this.#cancel = clock.setTimeout(
      () => {
        this.#run(clock.now());
      },
      Math.max(0, first.due - clock.now()),
    );
  }

  #run(until: number): void {
    for (;;) {
      const [first] = this.#items;
      if (first === undefined || first.due > until) break;
      this.#items.shift();
      this.#size -= first.size;
      first.run();
    }
    if (this.isEmpty) {
      this.#cancel();
      this.#release();
      this.#emptied();
    } else this.#arm();
  }
}
