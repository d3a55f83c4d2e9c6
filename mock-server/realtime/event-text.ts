import type { AnyEvent } from "../../src/contract/index.js";
import { bytesOf, utf8Length } from "../engine/index.js";

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
  switch (event.type) {
    case "agent.moved":
      return `moved:${event.data.agent_id}`;
    case "task.progress":
      return `progress:${event.data.task_id}`;
    default:
      return null;
  }
}

/** Bytes of events whose texts are kept; each text is about as much again, and each frame of it once more. */
const EVENT_BYTES_KEPT = 4_194_304;

/** Texts of the newest events, so that clients that resume together cost one writing. Holds `capacity` and no more, fewer where they are long. */
export class EventTexts {
  readonly #ring: (EventText | undefined)[];
  readonly #capacity: number;
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#ring = new Array<EventText | undefined>(capacity);
  }

  of(event: AnyEvent): EventText {
    const { epoch, seq } = event;
    const slot = seq % this.#capacity;
    const kept = this.#ring[slot];
    // Not the same object: the log gives one of a move that is made anew.
    if (kept?.event.seq === seq && kept.event.epoch === epoch) return kept;
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
  }
}
