import type { AnyEvent } from "../../../src/contract/index.js";
import { utf8Length } from "../../domain/index.js";
import {
  BINARY,
  UPDATE_BYTES,
  type ClientMessage,
  type Connection,
  type ConnectionEvents,
  type HandedPositions,
  type Hub,
} from "../../stream/index.js";
import { ABNORMAL } from "./close-event.js";
import type { Closed } from "./close-event.js";
import { Fifo } from "./fifo.js";
import type { Macrotasks } from "./macrotasks.js";

/** What the page's end of a link is told, each in a turn of the event loop of its own. */
export interface PageEnd {
  message(text: string): void;
  /** Takes events as they are; null where it takes text alone. */
  readonly events: ((events: readonly AnyEvent[], prev: number | null) => void) | null;
  /** The link is over; nothing comes after it. */
  closed(closed: Closed): void;
}

type ToPage =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "events"; readonly events: readonly AnyEvent[]; readonly prev: number | null }
  | { readonly kind: "close"; readonly closed: Closed };

type ToHub =
  | { readonly kind: "message"; readonly data: ClientMessage; readonly bytes: number }
  | { readonly kind: "close"; readonly closed: Closed };

/** Characters that an event counts for which is handed over as it is; that is about what a move is as text. */
const EVENT_CHARS = 256;

/** Characters under which a link that was full takes more. */
const LOW_WATER = 16_384;

/** Bytes that a page may have sent and the hub not read; past it the link breaks, as a browser's does. */
export const PAGE_BUFFER_MAX_BYTES = 16_777_216;

/**
 * What would be the wire between a page's socket and the hub: two queues in order. Nothing on it is told at once, so that neither
 * side runs inside the other's call.
 */
export class PageLink implements Connection {
  readonly #page: PageEnd;
  readonly #tasks: Macrotasks;
  readonly #hub: ConnectionEvents;
  readonly #toPage = new Fifo<ToPage>();
  readonly #toHub = new Fifo<ToHub>();
  #charsToPage = 0;
  #bytesToHub = 0;
  #over = false;
  #cut = false;
  // Made once, not with every message.
  readonly #tellPageNext = (): void => {
    const next = this.#toPage.take();
    if (next !== undefined && !this.#over) this.#tellPage(next);
  };
  readonly #tellHubNext = (): void => {
    const next = this.#toHub.take();
    if (next !== undefined && !this.#over) this.#tellHub(next);
  };

  constructor(hub: Pick<Hub, "accept">, page: PageEnd, tasks: Macrotasks) {
    this.#page = page;
    this.#tasks = tasks;
    this.#hub = hub.accept(this);
  }

  /** Characters that the page has yet to be told. */
  get bufferedBytes(): number {
    return this.#charsToPage;
  }

  get waitsForPage(): boolean {
    return this.#toPage.size > 0 || this.#toHub.size > 0;
  }

  /** Bytes that the hub has yet to be told. */
  get bytesToHub(): number {
    return this.#bytesToHub;
  }

  send(text: string): void {
    if (this.#over || this.#cut) return;
    this.#charsToPage += text.length;
    this.#post({ kind: "text", text });
  }

  hand(events: readonly AnyEvent[], prev: number | null): boolean {
    if (this.#page.events === null) return false;
    if (this.#over || this.#cut) return true;
    this.#charsToPage += events.length * EVENT_CHARS;
    this.#post({ kind: "events", events, prev }, prev === null);
    return true;
  }

  close(code: number, reason: string): void {
    if (this.#over || this.#cut) return;
    this.#cut = true;
    this.#post({ kind: "close", closed: { code, reason, wasClean: true } });
  }

  terminate(): void {
    this.#break();
  }

  /** Sends the page's text, or a binary message of so many bytes. */
  sendToHub(data: string | number): void {
    if (typeof data === "number") this.#sendToHub(BINARY, data);
    else this.#sendToHub(data, utf8Length(data));
  }

  /** Sends positions as they are. */
  handToHub(positions: HandedPositions): void {
    this.#sendToHub(positions, positions.updates.length * UPDATE_BYTES, true);
  }

  #sendToHub(data: ClientMessage, bytes: number, soon = false): void {
    if (this.#bytesToHub + bytes > PAGE_BUFFER_MAX_BYTES) {
      this.#break();
      return;
    }
    this.#bytesToHub += bytes;
    this.#postToHub({ kind: "message", data, bytes }, soon);
  }

  /** Ends the link behind what the page has sent. */
  closeFromPage(code: number | undefined, reason: string): void {
    this.#postToHub({ kind: "close", closed: { code: code ?? 1005, reason, wasClean: true } });
  }

  #break(): void {
    if (this.#over) return;
    this.#cut = true;
    this.#toPage.clear();
    this.#toHub.clear();
    this.#charsToPage = 0;
    this.#post({ kind: "close", closed: ABNORMAL });
  }

  #post(item: ToPage, soon = false): void {
    const isFirst = this.#toPage.size === 0;
    this.#toPage.push(item);
    this.#schedule(this.#tellPageNext, soon && isFirst);
  }

  /** What comes with each frame of a game comes in the same turn, where nothing is before it: it finds all that it needs at hand. */
  #schedule(task: () => void, soon: boolean): void {
    if (soon) queueMicrotask(task);
    else this.#tasks.post(task);
  }

  #tellPage(item: ToPage): void {
    if (item.kind === "close") {
      this.#end(item.closed);
      return;
    }
    const before = this.#charsToPage;
    if (item.kind === "text") {
      this.#charsToPage -= item.text.length;
      this.#page.message(item.text);
    } else {
      this.#charsToPage -= item.events.length * EVENT_CHARS;
      this.#page.events?.(item.events, item.prev);
    }
    if (before > LOW_WATER && this.#charsToPage <= LOW_WATER) this.#hub.drained();
  }

  #postToHub(item: ToHub, soon = false): void {
    if (this.#over) return;
    const isFirst = this.#toHub.size === 0;
    this.#toHub.push(item);
    this.#schedule(this.#tellHubNext, soon && isFirst);
  }

  #tellHub(item: ToHub): void {
    if (item.kind === "close") {
      this.#end(item.closed);
      return;
    }
    this.#bytesToHub -= item.bytes;
    this.#hub.message(item.data);
  }

  #end(closed: Closed): void {
    this.#over = true;
    this.#toPage.clear();
    this.#toHub.clear();
    this.#hub.closed();
    this.#page.closed(closed);
  }
}
