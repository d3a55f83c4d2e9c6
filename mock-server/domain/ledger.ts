import type { AnyEvent } from "../../src/contract/index.js";
import { apply, applyKept } from "./apply.js";
import type { Change, Fact } from "./changes.js";
import type { Commit } from "./commit.js";
import { stamped, type EventInput } from "./frozen-records.js";
import type { RingLog } from "./event-log.js";
import type { Indexes } from "./indexes.js";
import type { OutputListeners } from "./output-listeners.js";
import { timestampOf } from "./timestamps.js";
import { forgetSteps, putInOrder, takeBack, type Undo } from "./undo.js";
import type { World } from "./world.js";

/** How far a command has come: where to go back to when what follows fails. */
export interface Mark {
  readonly undo: number;
  readonly changes: number;
  readonly events: number;
  readonly touched: boolean;
}

/** Where every command begins. */
export const BEGINNING: Mark = { undo: 0, changes: 0, events: 0, touched: false };

/**
 * The one door through which the world changes. The changes of a command are applied as they come, so that its rules see them; the log and
 * those who listen have them once the whole command is kept. Until then all of them can be taken back.
 */
export class Ledger {
  /** The time at which changes happen now, in milliseconds. It never goes back. */
  now: number;
  readonly #world: World;
  readonly #indexes: Indexes;
  readonly #log: RingLog;
  readonly #outputs: OutputListeners;
  readonly #undo: Undo = [];
  #changes: Change[] = [];
  #events = 0;
  /** Whether something was changed, or begun to be, since the last mark. */
  #touched = false;
  #untold: AnyEvent[] = [];
  readonly #untoldOutputs = new Set<string>();
  #telling = false;

  constructor(parts: {
    now: number;
    world: World;
    indexes: Indexes;
    log: RingLog;
    outputs: OutputListeners;
  }) {
    this.now = parts.now;
    this.#world = parts.world;
    this.#indexes = parts.indexes;
    this.#log = parts.log;
    this.#outputs = parts.outputs;
  }

  /** The time of now as the wire writes it. */
  get timestamp(): string {
    return timestampOf(this.now);
  }

  get epoch(): string {
    return this.#log.epoch;
  }

  /** The place in the log of what happened last, in the command that runs too. */
  get seq(): number {
    return this.#log.seq + this.#events;
  }

  /** Changes of the command that runs. */
  get changes(): readonly Change[] {
    return this.#changes;
  }

  /** Makes an event happen. Its data is frozen and belongs to the event from now on. */
  emit(input: EventInput): void {
    // Of moves only the newest matters: they are told and not kept, and have the place of what happened before them.
    const isNumbered = input.type !== "agent.moved";
    const { seq } = this;
    this.#change(stamped(input, this.#log.epoch, isNumbered ? seq + 1 : seq, this.timestamp));
    if (isNumbered) this.#events += 1;
  }

  /** Makes something happen that no client hears of. */
  note(fact: Fact): void {
    this.#change(fact);
  }

  /** Has something done when what comes from now on is taken back. */
  onTakenBack(step: () => void): void {
    this.#undo.push(step);
  }

  /** Where the command is. */
  mark(): Mark {
    const touched = this.#touched;
    this.#touched = false;
    return { undo: this.#undo.length, changes: this.#changes.length, events: this.#events, touched };
  }

  /** What came after the mark stays, as far as it is for this part of the command to say. */
  leave(mark: Mark): void {
    this.#touched ||= mark.touched;
  }

  /** Makes the world again what it was at the mark. */
  takeBack({ undo, changes, events, touched }: Mark): void {
    takeBack(this.#undo, undo);
    this.#changes.length = changes;
    this.#events = events;
    if (this.#touched) {
      putInOrder(this.#world);
      this.#indexes.renew();
    }
    this.#touched = touched;
  }

  /** Takes a commit that was kept into the log. From now on it has happened. */
  keep({ changes }: Commit): void {
    forgetSteps(this.#undo);
    this.#changes = [];
    this.#events = 0;
    this.#touched = false;
    for (const change of changes) {
      if ("seq" in change) {
        if (change.type !== "agent.moved") this.#log.append(change);
        if (this.#log.hasListeners) this.#untold.push(change);
      }
      applyKept(this.#world, change);
      this.#remember(change);
    }
  }

  /** Tells the listeners what happened since the last time. What they do meanwhile is told after it, in order. */
  tell(): void {
    if (this.#telling || (this.#untold.length === 0 && this.#untoldOutputs.size === 0)) return;
    this.#telling = true;
    try {
      while (this.#untold.length > 0 || this.#untoldOutputs.size > 0) {
        const events = this.#untold;
        this.#untold = [];
        for (const event of events) this.#log.tell(event);
        if (events.length > 0) this.#log.endTelling();
        if (this.#untoldOutputs.size === 0) continue;
        const taskIds = [...this.#untoldOutputs];
        this.#untoldOutputs.clear();
        for (const taskId of taskIds) this.#outputs.tell(taskId);
      }
    } finally {
      this.#telling = false;
    }
  }

  /** Notes who is to be told of a change, and what the log has to know of it. */
  #remember(change: Change): void {
    switch (change.type) {
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        return this.#noteOutput(change.data.task_id);
      case "output.written":
      case "task.forgotten":
        return this.#noteOutput(change.task_id);
      case "game.known":
        return this.#log.know(change.game_id);
      case "game.forgotten":
        this.#log.retire(change.game_id);
        if (change.events === "dropped") this.#log.forget(change.game_id);
        return;
      default:
    }
  }

  #noteOutput(taskId: string): void {
    if (this.#outputs.has(taskId)) this.#untoldOutputs.add(taskId);
  }

  #change(change: Change): void {
    // Nothing that is kept beside the world goes by where agents are.
    if (change.type === "agent.moved") apply(this.#world, change, this.#undo);
    else {
      this.#touched = true;
      this.#indexes.before(change);
      apply(this.#world, change, this.#undo);
      this.#indexes.after(change);
    }
    this.#changes.push(change);
  }
}
