import type { AnyEvent } from "../../src/contract/index.js";
import type { EventLog } from "./engine.js";
import { KeptMoves } from "./kept-moves.js";
import type { Walker } from "./kept-moves.js";
import { Listeners } from "./listeners.js";

/** The newest events in a ring, and their listeners. */
export class RingLog implements EventLog {
  readonly epoch: string;
  readonly #ring: (AnyEvent | Walker)[] = [];
  readonly #moves = new KeptMoves();
  readonly #capacity: number;
  readonly #listeners: Listeners<[AnyEvent]>;
  #seq: number;
  #kept = 0;

  constructor(epoch: string, seq: number, capacity: number, report: (error: unknown) => void) {
    this.epoch = epoch;
    this.#seq = seq;
    this.#capacity = capacity;
    this.#listeners = new Listeners(report);
  }

  get seq(): number {
    return this.#seq;
  }

  get oldestSeq(): number {
    return this.#seq - this.#kept + 1;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: (event: AnyEvent) => void): () => void {
    // What happened before may still be waiting to be told; it is not for this listener.
    const from = this.#seq;
    return this.#listeners.add((event) => {
      if (event.seq > from) listener(event);
    });
  }

  after(seq: number): readonly AnyEvent[] | "outrun" {
    if (!Number.isSafeInteger(seq) || seq > this.#seq || seq < this.oldestSeq - 1) return "outrun";
    const events: AnyEvent[] = [];
    for (let next = seq + 1; next <= this.#seq; next += 1) {
      const row = next % this.#capacity;
      const kept = this.#ring[row];
      if (kept === undefined) continue;
      events.push("seq" in kept ? kept : this.#moves.event(row, kept, this.epoch, next));
    }
    return events;
  }

  /** Takes in an event whose seq is the next one; `ms` is its time. */
  append(event: AnyEvent, ms: number): void {
    this.#seq = event.seq;
    const row = event.seq % this.#capacity;
    this.#ring[row] = event.type === "agent.moved" ? this.#moves.keep(row, event, ms) : event;
    if (event.type === "agent.removed") this.#moves.forget(event.data.agent_id);
    if (this.#kept < this.#capacity) this.#kept += 1;
  }

  tell(event: AnyEvent): void {
    this.#listeners.tell(event);
  }
}
