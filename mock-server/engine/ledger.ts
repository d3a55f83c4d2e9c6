import type { AnyEvent } from "../../src/contract/index.js";
import { apply } from "./apply.js";
import type { Change, Fact } from "./changes.js";
import { stamped, type EventInput } from "./copies.js";
import type { RingLog } from "./event-log.js";
import type { Indexes } from "./indexes.js";
import type { OutputListeners } from "./output-listeners.js";
import { timestampOf } from "./timestamps.js";
import type { World } from "./world.js";

/** The one door through which the world changes: each change is applied, kept and told, in this order. */
export class Ledger {
  /** The time at which changes happen now, in milliseconds. It never goes back. */
  now: number;
  readonly #world: World;
  readonly #indexes: Indexes;
  readonly #log: RingLog;
  readonly #outputs: OutputListeners;
  readonly #onChange: ((change: Change) => void) | undefined;
  #untold: AnyEvent[] = [];
  readonly #untoldOutputs = new Set<string>();
  #telling = false;

  constructor(parts: {
    now: number;
    world: World;
    indexes: Indexes;
    log: RingLog;
    outputs: OutputListeners;
    onChange: ((change: Change) => void) | undefined;
  }) {
    this.now = parts.now;
    this.#world = parts.world;
    this.#indexes = parts.indexes;
    this.#log = parts.log;
    this.#outputs = parts.outputs;
    this.#onChange = parts.onChange;
  }

  /** The time of now as the wire writes it. */
  get timestamp(): string {
    return timestampOf(this.now);
  }

  /** Makes an event happen. Its data is frozen and belongs to the event from now on. */
  emit(input: EventInput): void {
    this.#take(stamped(input, this.#log.epoch, this.#log.seq + 1, this.timestamp));
  }

  /** Makes something happen that no client hears of. */
  note(fact: Fact): void {
    this.#change(fact);
    if (fact.type === "game.known") this.#log.know(fact.game_id);
    else if (fact.type === "game.forgotten") this.#log.retire(fact.game_id);
    if (
      (fact.type === "output.written" || fact.type === "task.forgotten") &&
      this.#outputs.has(fact.task_id)
    ) {
      this.#untoldOutputs.add(fact.task_id);
    }
  }

  /** Lets the events of a game go that is known no more. */
  dropEvents(gameId: string): void {
    this.#log.forget(gameId);
  }

  /** Tells the listeners what happened since the last time. What they do meanwhile is told after it, in order. */
  tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#untold.length > 0 || this.#untoldOutputs.size > 0) {
        const events = this.#untold;
        this.#untold = [];
        for (const event of events) this.#log.tell(event);
        const taskIds = [...this.#untoldOutputs];
        this.#untoldOutputs.clear();
        for (const taskId of taskIds) this.#outputs.tell(taskId);
      }
    } finally {
      this.#telling = false;
    }
  }

  #take(event: AnyEvent): void {
    this.#change(event);
    this.#log.append(event, this.now);
    if (this.#log.hasListeners) this.#untold.push(event);
    switch (event.type) {
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        if (this.#outputs.has(event.data.task_id)) this.#untoldOutputs.add(event.data.task_id);
        break;
      default:
    }
  }

  #change(change: Change): void {
    this.#indexes.before(change);
    apply(this.#world, change);
    this.#indexes.after(change);
    this.#onChange?.(change);
  }
}
