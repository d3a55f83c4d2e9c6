import type { AnyEvent } from "../../src/contract/index.js";
import type { Connection } from "./connection.js";
import type { EventText, EventTexts } from "./event-text.js";
import type { HubLimits } from "./hub-limits.js";
import type { Filter } from "./subscription.js";

/** What an outbox works with. */
export interface OutboxParts {
  readonly connection: Connection;
  readonly limits: Pick<HubLimits, "socketBytesMax" | "sendBufferMaxBytes">;
  readonly filter: Filter;
  /** Takes an event that is told apart from the stream. */
  readonly takes: (event: AnyEvent) => boolean;
  readonly texts: EventTexts;
  /** The log's events after a seq. */
  readonly after: (seq: number) => readonly AnyEvent[] | "outrun";
  /** Told once, when the reader is too slow to be kept. */
  readonly overflow: (detail: string) => void;
}

/** Something that waits for the socket: an event, or a frame that is not one. */
interface Held {
  readonly event: EventText | null;
  readonly control: string;
  readonly bytes: number;
  superseded: boolean;
}

/** Entries that may lie useless at the front or in the midst of the queue before it is tidied. */
const SLACK = 512;

/**
 * What one subscriber is sent, in order, and what is held for it while its socket is full.
 *
 * `prev`. Each event frame carries the seq of the event frame that this connection was sent before it. The first one carries
 * the base: `resume.seq` when the welcome said `recovered: true`, else `welcome.seq`, the log's newest event at that moment.
 * Between `prev` and `seq` there is nothing that this subscriber needs: no event that fits its filter, save moves and
 * progress that a later one of the same subject has superseded, and that later one is still to come. So a client that
 * holds everything up to a position may judge each frame alone: `prev > position` means that something was lost, `seq <= position`
 * that it has this one already; else it delivers, and its position becomes `seq`. That holds from any start: after
 * `recovered: true` the position is what was asked for; after `recovered: false` it is `welcome.seq`, and once a snapshot taken
 * after the welcome is there, the snapshot's cursor, which is never behind the base. Resuming from such a position is
 * right too, with whatever filter.
 *
 * Two ways of waiting. A subscriber that resumes reads what it missed straight from the log, a socketful at a time, and
 * nothing is held for it until it has reached the newest event; it gets every event. One that follows live has a queue of
 * at most `sendBufferMaxBytes`, the socket's own bytes included; there moves and progress keep only their latest per subject.
 * A newer one goes to the end of the queue, never to the older one's place, so `seq` only ever grows. Past the bound the reader is
 * too slow and is closed, save in a page that has had no turn to read in: its queue is given up, and it goes on from the log.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #connection: Connection;
  readonly #socketMax: number;
  #queue: Held[] = [];
  #head = 0;
  #superseded = 0;
  #heldBytes = 0;
  readonly #latest = new Map<string, Held>();
  /** The event of the last frame that went out. */
  #sent: number;
  /** The last event of the log that was looked at. */
  #seen: number;
  #catchingUp = false;
  #draining = false;
  #over = false;

  /** @param base Where the client stands: everything up to it is its own already. */
  constructor(parts: OutboxParts, base: number) {
    this.#parts = parts;
    this.#connection = parts.connection;
    this.#socketMax = parts.limits.socketBytesMax;
    this.#sent = base;
    this.#seen = base;
  }

  /** Whether what is sent now goes out now. */
  get isFree(): boolean {
    return !this.#over && this.#head === this.#queue.length && this.#hasRoom();
  }

  /** Bytes held here, the socket's own not counted. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Sends what the log has after the base, as fast as the socket takes it; live events follow behind. */
  catchUp(): void {
    if (this.#over) return;
    this.#catchingUp = true;
    this.drain();
  }

  /** Goes on where the socket was full. */
  drain(): void {
    // A socket that drains while it is being written to must not start a second round inside the first.
    if (this.#draining) return;
    this.#draining = true;
    try {
      if (this.#sendHeld() && this.#catchingUp) this.#sendMissed();
    } finally {
      this.#draining = false;
    }
  }

  #sendMissed(): void {
    const events = this.#parts.after(this.#seen);
    if (events === "outrun") {
      this.#overflow("the event log has moved on");
      return;
    }
    for (const event of events) {
      if (!this.#hasRoom()) return;
      this.#seen = event.seq;
      if (this.#parts.filter(event) && !this.#parts.takes(event)) this.#write(this.#parts.texts.of(event));
    }
    this.#catchingUp = false;
  }

  /** Takes the log's newest event. */
  offer(event: AnyEvent): void {
    if (this.#over || this.#catchingUp || event.seq <= this.#seen) return;
    this.#seen = event.seq;
    if (!this.#parts.filter(event) || this.#parts.takes(event)) return;
    const text = this.#parts.texts.of(event);
    if (this.isFree) this.#write(text);
    else this.#hold({ event: text, control: "", bytes: text.bytes, superseded: false });
  }

  /** Sends moves and progress that stand beside the stream. */
  latest(events: readonly AnyEvent[]): void {
    if (this.isFree && this.#connection.hand?.(events, null) === true) return;
    const texts = events.map((event) => this.#parts.texts.of(event).alone);
    this.control(`{"type":"latest","events":[${texts.join(",")}]}`);
  }

  /** Sends a frame that is no event, in order with the events where those wait. */
  control(text: string): void {
    if (this.#over) return;
    if (this.#head === this.#queue.length && (this.#catchingUp || this.#hasRoom())) {
      this.#connection.send(text);
      this.#checkBound();
    } else {
      this.#hold({ event: null, control: text, bytes: text.length, superseded: false });
    }
  }

  /** Lets go of everything; nothing is sent any more. */
  close(): void {
    this.#over = true;
    this.#forget();
  }

  #hasRoom(): boolean {
    return this.#connection.bufferedBytes < this.#socketMax;
  }

  /** Empties the queue into the socket; false when the socket was full before. */
  #sendHeld(): boolean {
    while (this.#head < this.#queue.length) {
      if (!this.#hasRoom()) {
        this.#tidy();
        return false;
      }
      const held = this.#queue[this.#head];
      this.#head += 1;
      if (held !== undefined) this.#release(held);
    }
    if (this.#head > 0) {
      this.#queue = [];
      this.#head = 0;
    }
    return !this.#over;
  }

  #write(text: EventText): void {
    const prev = this.#sent;
    this.#sent = text.event.seq;
    if (this.#connection.hand?.([text.event], prev) !== true) this.#connection.send(text.after(prev));
  }

  #hold(held: Held): void {
    const subject = held.event?.subject ?? null;
    if (subject !== null) {
      const older = this.#latest.get(subject);
      if (older !== undefined) {
        older.superseded = true;
        this.#superseded += 1;
        this.#heldBytes -= older.bytes;
      }
      this.#latest.set(subject, held);
    }
    this.#queue.push(held);
    this.#heldBytes += held.bytes;
    this.#tidy();
    this.#checkBound();
  }

  #release(held: Held): void {
    if (held.superseded) {
      this.#superseded -= 1;
      return;
    }
    this.#heldBytes -= held.bytes;
    if (held.event === null) {
      this.#connection.send(held.control);
      return;
    }
    const { subject } = held.event;
    if (subject !== null) this.#latest.delete(subject);
    this.#write(held.event);
  }

  /** Drops what was sent or superseded once it is most of the queue, so that moving alone does not make it grow. */
  #tidy(): void {
    const useless = this.#head + this.#superseded;
    if (useless < SLACK || useless * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head).filter((held) => !held.superseded);
    this.#head = 0;
    this.#superseded = 0;
  }

  #checkBound(): void {
    const bytes = this.#connection.bufferedBytes + this.#heldBytes;
    // Asked this way round so that a socket that does not know its own bytes counts as full.
    if (bytes <= this.#parts.limits.sendBufferMaxBytes) return;
    if (this.#connection.waitsForPage === true && !this.#catchingUp) this.#fallBack();
    else this.#overflow(`more than ${this.#parts.limits.sendBufferMaxBytes} bytes wait`);
  }

  /** Lets go of what is held and reads it from the log again later, for a page that is not slow but has had no turn. */
  #fallBack(): void {
    const held = this.#queue.slice(this.#head);
    this.#forget();
    this.#seen = this.#sent;
    this.#catchingUp = true;
    for (const { event, control } of held) if (event === null) this.#connection.send(control);
  }

  #forget(): void {
    this.#queue = [];
    this.#head = 0;
    this.#superseded = 0;
    this.#heldBytes = 0;
    this.#latest.clear();
  }

  #overflow(detail: string): void {
    if (this.#over) return;
    this.close();
    this.#parts.overflow(detail);
  }
}
