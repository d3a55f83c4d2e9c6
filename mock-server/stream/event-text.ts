import type { AnyEvent } from "../../src/contract/index.js";
import { bytesOf, utf8Length } from "../domain/index.js";

/** Bytes that `prev` takes at the most, so that a frame's size is known before it is. */
const PREV_BYTES_MAX = 24;

/**
 * One event as it goes onto the wire, written once for all subscribers, and not before the first of them needs it as text. Only
 * `prev` differs from one to the other, so the text is kept as what stands before it and what stands after it, and the last
 * whole text is kept too, since most subscribers hear the same.
 */
export class EventText {
  readonly event: AnyEvent;
  #head = "";
  #tail = "";
  #bytes = 0;
  #prev = -1;
  #text = "";

  constructor(event: AnyEvent) {
    this.event = event;
  }

  /** Events with the same subject supersede one another for a reader that is slow; null for one that is never dropped. */
  get subject(): string | null {
    return subjectOf(this.event);
  }

  /** The frame for a subscriber that was sent `prev` before. */
  after(prev: number): string {
    if (prev !== this.#prev) {
      this.#write();
      this.#prev = prev;
      this.#text = `${this.#head},"prev":${prev}${this.#tail}`;
    }
    return this.#text;
  }

  /** The event outside the stream, where nothing comes before it. */
  get alone(): string {
    this.#write();
    return this.#head + this.#tail;
  }

  /** Bytes of the frame, a few too many rather than one too few. */
  get bytes(): number {
    this.#write();
    if (this.#bytes === 0) this.#bytes = utf8Length(this.#head) + utf8Length(this.#tail) + PREV_BYTES_MAX;
    return this.#bytes;
  }

  #write(): void {
    if (this.#head !== "") return;
    const { type, epoch, seq, timestamp, game_id, data } = this.event;
    this.#head = `{"type":"${type}","epoch":"${epoch}","seq":${seq}`;
    this.#tail = `,"timestamp":"${timestamp}","game_id":${JSON.stringify(game_id)},"data":${JSON.stringify(data)}}`;
  }
}

function subjectOf(event: AnyEvent): string | null {
  return event.type === "task.progress" ? event.data.task_id : null;
}

/** Bytes of events whose texts are kept; each text is about as much again, and each frame of it once more. */
const EVENT_BYTES_KEPT = 4_194_304;

/** Texts of the newest events, so that clients that resume together cost one writing. Holds `capacity` and no more, fewer where they are long. */
export class EventTexts {
  readonly #ring: (EventText | undefined)[];
  readonly #capacity: number;
  #bytes = 0;
  /** Those of moves, which have no place of their own. */
  readonly #moves = new WeakMap<AnyEvent, EventText>();
  #latest: { readonly events: readonly AnyEvent[]; readonly text: string } = { events: [], text: "" };

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#ring = new Array<EventText | undefined>(capacity);
  }

  /** The frame of events beside the stream. The last one is kept: most subscribers of a game hear the same. */
  latest(events: readonly AnyEvent[]): string {
    const last = this.#latest.events;
    if (events.length !== last.length || events.some((event, place) => event !== last[place])) {
      const texts = events.map((event) => this.#aloneOf(event).alone);
      this.#latest = { events, text: `{"type":"latest","events":[${texts.join(",")}]}` };
    }
    return this.#latest.text;
  }

  /** One that stands in the stream. */
  of(event: AnyEvent): EventText {
    const slot = event.seq % this.#capacity;
    const kept = this.#ring[slot];
    if (kept?.event === event) return kept;
    const text = new EventText(event);
    this.#bytes += bytesOf(event);
    if (this.#bytes > EVENT_BYTES_KEPT) {
      this.clear();
      this.#bytes = bytesOf(event);
    }
    this.#ring[slot] = text;
    return text;
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#bytes = 0;
    this.#latest = { events: [], text: "" };
  }

  #aloneOf(event: AnyEvent): EventText {
    if (event.type !== "agent.moved") return this.of(event);
    let text = this.#moves.get(event);
    if (text === undefined) this.#moves.set(event, (text = new EventText(event)));
    return text;
  }
}
