import type { AnyEvent } from "../../src/contract/index.js";
import type { Connection } from "./connection.js";
import type { EventText, EventTexts } from "./event-text.js";
import type { HubLimits } from "./hub-limits.js";
import type { Filter } from "./subscription.js";
import { WaitingMoves, type Moved } from "./waiting-moves.js";

/** What an outbox works with. */
export interface OutboxParts {
  readonly connection: Connection;
  readonly limits: Pick<HubLimits, "socketBytesMax" | "sendBufferMaxBytes">;
  readonly filter: Filter;
  /** Takes an event that is told apart from the stream. */
  readonly takes: (event: AnyEvent) => boolean;
  /** Lets go of what is held of something that an event ends. */
  readonly forget: (event: AnyEvent) => void;
  readonly texts: EventTexts;
  /** The first events of the log after a seq, of those that may be heard. */
  readonly after: (seq: number, most: number) => readonly AnyEvent[] | "outrun";
  /** Asks for a call of `turn` in another turn of the event loop; null where there is none but by what the socket takes. */
  readonly askTurn: (() => void) | null;
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

/** Events that are read from the log in one turn at the most, and characters of them that are written. */
const PAGE_EVENTS = 256;
const PAGE_CHARACTERS = 65_536;

/** Moves that go out in one frame at the most. */
const MOVES_A_FRAME = 256;

/** About how many bytes a move holds that waits. */
const MOVE_BYTES = 256;

const LOG_MOVED_ON = "the event log has moved on";

/** Entries that may lie useless at the front or in the midst of the queue before it is tidied. */
const SLACK = 512;

/**
 * What one subscriber is sent, in order, and what is held for it while its socket is full.
 *
 * `prev`. Each event frame carries the seq of the event frame that this connection was sent before it. The first one carries
 * the base: `resume.seq` when the welcome said `recovered: true`, else `welcome.seq`, the log's newest event at that moment.
 * Between `prev` and `seq` there is nothing that this subscriber needs: no event that fits its filter, save progress that a later
 * one of the same task has superseded, and that later one is still to come. So a client that
 * holds everything up to a position may judge each frame alone: `prev > position` means that something was lost, `seq <= position`
 * that it has this one already; else it delivers, and its position becomes `seq`. That holds from any start: after
 * `recovered: true` the position is what was asked for; after `recovered: false` it is `welcome.seq`, and once a snapshot taken
 * after the welcome is there, the snapshot's cursor, which is never behind the base. Resuming from such a position is
 * right too, with whatever filter.
 *
 * Moves stand beside that chain, in `latest` frames: of each agent the newest that has not been told waits, until all that happened has been
 * told or an event is to go out that came after it. So whoever holds everything up to a position has been told of all places that
 * agents had before it, and who resumes there needs no more than the last move of each agent since.
 *
 * Two ways of waiting. One that follows live has a queue of at most `sendBufferMaxBytes`, the socket's own bytes included; there
 * progress keeps only its latest per task. A newer one goes to the end of the queue, never to the older one's place, so
 * `seq` only ever grows. Moves take no room in it: there are never more of them than agents. One that is behind has nothing held for it: it reads from the log, a page in a turn and no more than the
 * socket takes, until it has reached the newest event, and gets every event. Who resumes begins behind, and so does anew whoever's
 * queue is full: what is next waits in the log, where it costs nothing. A reader is too slow and is closed only where the log itself
 * has moved on without it, or where answers pile up that are in no log.
 *
 * An event is written whenever the socket has room, however long it is; nothing else is written then until it has left.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #connection: Connection;
  readonly #socketMax: number;
  #queue: Held[] = [];
  #head = 0;
  #superseded = 0;
  #heldBytes = 0;
  /** Those of frames that are no events. */
  #controlBytes = 0;
  /** What waits of each subject; null while nothing of any has waited yet. */
  #latest: Map<string, Held> | null = null;
  readonly #moves = new WaitingMoves();
  /** The event of the last frame that went out. */
  #sent: number;
  /** The last event of the log that was looked at. */
  #seen: number;
  #isBehind: boolean;
  #hasAsked = false;
  #draining = false;
  #over = false;

  /**
   * @param base Where the client stands: everything up to it is its own already.
   * @param isBehind Whether what came after that is in the log, and nothing is sent before `catchUp`.
   */
  constructor(parts: OutboxParts, base: number, isBehind: boolean) {
    this.#parts = parts;
    this.#connection = parts.connection;
    this.#socketMax = parts.limits.socketBytesMax;
    this.#sent = base;
    this.#seen = base;
    this.#isBehind = isBehind;
  }

  /** Whether what is sent now goes out now. */
  get isFree(): boolean {
    return !this.#over && this.#head === this.#queue.length && this.#hasRoom();
  }

  /** Bytes held here, the socket's own not counted. */
  get heldBytes(): number {
    return this.#heldBytes + MOVE_BYTES * this.#moves.size;
  }

  /** Takes moves that may not have been told, oldest first; a newer one of the same agent that waits already counts more. */
  remind(moves: readonly Moved[]): void {
    this.#moves.addOlder(moves.filter(this.#parts.filter));
  }

  /** Sends the moves that wait, where nothing is before them. */
  flush(): void {
    if (this.#moves.size > 0 && !this.#isBehind && this.isFree) this.#write(() => this.#sendMoves());
  }

  /** Sends what the log has after the base, as fast as the socket takes it; live events follow behind. */
  catchUp(): void {
    if (!this.#isBehind) return;
    // Most who come back have missed nothing, and need no turn.
    this.#isBehind = this.#parts.after(this.#seen, 1).length > 0;
    this.drain();
  }

  /** Goes on where the socket was full. */
  drain(): void {
    this.#write(() => {
      if (!this.#sendHeld()) return;
      if (this.#isBehind && this.#parts.askTurn !== null) {
        this.#askTurn(this.#parts.askTurn);
        return;
      }
      while (this.#mayRead()) this.#readPage();
      if (!this.#isBehind) this.#sendMoves();
    });
  }

  /** Takes the turn that it asked for. */
  turn(): void {
    this.#hasAsked = false;
    this.#write(() => {
      if (this.#sendHeld() && this.#mayRead()) this.#readPage();
    });
    this.drain();
  }

  /** Ends it where the log has moved on without a reader that has taken nothing for long. */
  look(): void {
    if (this.#isBehind && this.#parts.after(this.#seen, 1) === "outrun") this.#overflow(LOG_MOVED_ON);
  }

  /** A socket that drains while it is being written to must not start a second round inside the first. */
  #write(round: () => void): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      round();
    } finally {
      this.#draining = false;
    }
  }

  #askTurn(ask: () => void): void {
    // Where there is no room the socket says when there is.
    if (this.#hasAsked || !this.#hasRoom()) return;
    this.#hasAsked = true;
    ask();
  }

  #readPage(): void {
    let events = 0;
    let characters = 0;
    while (events < PAGE_EVENTS) {
      const page = this.#parts.after(this.#seen, PAGE_EVENTS - events);
      if (page === "outrun") {
        this.#overflow(LOG_MOVED_ON);
        return;
      }
      if (page.length === 0) {
        this.#isBehind = false;
        return;
      }
      for (const event of page) {
        if (this.#over || characters >= PAGE_CHARACTERS || !this.#hasRoom()) return;
        if (this.#parts.filter(event)) {
          if (!this.#sendMoves(event.seq)) return;
          if (!this.#parts.takes(event)) characters += this.#send(this.#parts.texts.of(event));
        }
        this.#parts.forget(event);
        this.#seen = event.seq;
      }
      events += page.length;
    }
  }

  /** Takes the newest event. A move goes out with the next event, or with `flush`. */
  offer(event: AnyEvent): void {
    if (this.#over) return;
    if (event.type === "agent.moved") {
      if (this.#parts.filter(event)) this.#moves.add(event);
      return;
    }
    // Whether or not the subscriber hears of it.
    if (event.type === "agent.removed") this.#moves.forget(event.data.agent_id);
    this.#parts.forget(event);
    if (this.#isBehind || event.seq <= this.#seen) return;
    if (this.#parts.filter(event) && !this.#parts.takes(event)) {
      const text = this.#parts.texts.of(event);
      if (this.isFree && this.#sendMoves(event.seq)) this.#send(text);
      else if (!this.#hold({ event: text, control: "", bytes: text.bytes, superseded: false })) return;
    }
    this.#seen = event.seq;
  }

  /** Sends moves and progress that stand beside the stream; for when it `isFree`. */
  latest(events: readonly AnyEvent[]): void {
    if (this.#over || this.#connection.hand?.(events, null) === true) return;
    this.#connection.send(this.#parts.texts.latest(events));
  }

  /** Sends a frame that is no event, in order with the events where those wait. */
  control(text: string): void {
    if (this.#over) return;
    if (this.isFree) {
      this.#connection.send(text);
      return;
    }
    const { length } = text;
    this.#controlBytes += length;
    this.#enqueue({ event: null, control: text, bytes: length, superseded: false });
    const most = this.#parts.limits.sendBufferMaxBytes;
    if (this.#controlBytes > most) this.#overflow(`more than ${most} bytes of answers wait`);
  }

  /** Lets go of everything; nothing is sent any more. */
  close(): void {
    this.#over = true;
    this.#isBehind = false;
    this.#queue = [];
    this.#head = 0;
    this.#superseded = 0;
    this.#heldBytes = 0;
    this.#controlBytes = 0;
    this.#latest = null;
    this.#moves.clear();
  }

  #hasRoom(): boolean {
    return this.#connection.bufferedBytes < this.#socketMax;
  }

  /** Sends the moves that happened before a place of the log; false where the socket takes no more. */
  #sendMoves(before = Infinity): boolean {
    while (this.#hasRoom()) {
      const moves = this.#moves.take(before, MOVES_A_FRAME);
      if (moves.length === 0) return true;
      const told = moves.filter((move) => !this.#parts.takes(move));
      if (told.length > 0) this.latest(told);
    }
    return false;
  }

  /** Empties the queue into the socket; false when the socket was full before. */
  #sendHeld(): boolean {
    while (this.#head < this.#queue.length) {
      const held = this.#queue[this.#head];
      const event = held?.superseded === false ? held.event?.event : undefined;
      if (!(event === undefined ? this.#hasRoom() : this.#sendMoves(event.seq))) {
        this.#tidy();
        return false;
      }
      this.#head += 1;
      if (held !== undefined) this.#release(held);
    }
    if (this.#head > 0) {
      this.#queue = [];
      this.#head = 0;
    }
    return !this.#over;
  }

  /** Gives how many characters were written. */
  #send(text: EventText): number {
    const prev = this.#sent;
    this.#sent = text.event.seq;
    if (this.#connection.hand?.([text.event], prev) === true) return 0;
    const frame = text.after(prev);
    this.#connection.send(frame);
    return frame.length;
  }

  /** Takes an event into the queue, or says false where there is no room for it: then it is the first that is read from the log. */
  #hold(held: Held & { readonly event: EventText }): boolean {
    const { subject } = held.event;
    const older = subject === null ? undefined : this.#latest?.get(subject);
    const waiting = this.#connection.bufferedBytes + this.#heldBytes;
    if (Number.isNaN(waiting)) {
      this.#overflow("its socket does not know what waits");
      return false;
    }
    if (waiting - (older?.bytes ?? 0) + held.bytes > this.#parts.limits.sendBufferMaxBytes) {
      this.#isBehind = true;
      return false;
    }
    if (older !== undefined) {
      older.superseded = true;
      this.#superseded += 1;
      this.#heldBytes -= older.bytes;
    }
    if (subject !== null) (this.#latest ??= new Map()).set(subject, held);
    this.#enqueue(held);
    return true;
  }

  #mayRead(): boolean {
    return this.#isBehind && this.#hasRoom();
  }

  #enqueue(held: Held): void {
    this.#queue.push(held);
    this.#heldBytes += held.bytes;
    this.#tidy();
  }

  #release(held: Held): void {
    if (held.superseded) {
      this.#superseded -= 1;
      return;
    }
    this.#heldBytes -= held.bytes;
    if (held.event === null) {
      this.#controlBytes -= held.bytes;
      this.#connection.send(held.control);
      return;
    }
    const { subject } = held.event;
    if (subject !== null) this.#latest?.delete(subject);
    this.#send(held.event);
  }

  /** Drops what was sent or superseded once it is most of the queue, so that moving alone does not make it grow. */
  #tidy(): void {
    const useless = this.#head + this.#superseded;
    if (useless < SLACK || useless * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head).filter((held) => !held.superseded);
    this.#head = 0;
    this.#superseded = 0;
  }

  #overflow(detail: string): void {
    if (this.#over) return;
    this.close();
    this.#parts.overflow(detail);
  }
}
