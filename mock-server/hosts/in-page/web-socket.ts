import { DIRECT } from "../../../src/contract/direct.js";
import type { DirectSocket, PrepareSocket } from "../../../src/contract/direct.js";
import type { AnyEvent } from "../../../src/contract/index.js";
import { ABNORMAL, createCloseEvent, type Closed } from "./close-event.js";
import { copyOf } from "./event-copy.js";
import { HandlerSlot, type Handler } from "./handler-slot.js";
import type { PageEnd, PageLink } from "./page-link.js";
import { checkClose, socketProtocols, socketUrl, wellFormed } from "./socket-arguments.js";
import type { Wire } from "./wire.js";

/** Where the event stream is at an endpoint. */
const PATH = "/ws";

/** What a WebSocket class in the page is bound to. */
export interface WebSocketOptions {
  /** The way to the hub, asked for by each socket: a promise while its code is still loading. */
  readonly wire: () => Wire | Promise<Wire>;
  /** The backend's address, `http://agentvm.localhost`; its event stream is at `/ws` there, and nothing is anywhere else. */
  readonly endpoint: string;
}

/** A WebSocket class: what a page finds as `WebSocket`. */
export type WebSocketClass = typeof WebSocket;

/**
 * Makes a WebSocket class that reaches one backend in the page, with no socket behind it. It behaves as the browser's does:
 * states, events and their order, `bufferedAmount`, exceptions, close codes. Opening and every message come in a turn of the
 * event loop of their own. An address that is not the backend's event stream, or a backend that was closed, fails as
 * a network that is down does: an `error` event, then `close` with 1006. A binary message ends the connection with 4400, as on
 * the network. No global is touched.
 *
 * @example
 * const InPageWebSocket = createWebSocketClass({ wire: () => createWire(hub), endpoint: "http://agentvm.localhost" });
 * const socket = new InPageWebSocket("ws://agentvm.localhost/ws");
 */
export function createWebSocketClass({ wire, endpoint }: WebSocketOptions): WebSocketClass {
  const { host } = new URL(endpoint);
  return class InPageWebSocket extends pageSocket() {
    /** For an SDK in the same page, which knows that it will open one when it has connected. */
    static readonly [DIRECT]: PrepareSocket = () => {
      // The socket tells what went wrong.
      Promise.resolve(wire()).catch(() => undefined);
    };

    constructor(url: string | URL, protocols: string | string[] = []) {
      super(url, protocols, host, wire);
    }
  };
}

/** The class, made when it is wanted: importing reads no global, and a runtime without `EventTarget` may do without sockets. */
const pageSocket = () =>
  class PageSocket extends EventTarget implements WebSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;

    readonly url: string;
    readonly extensions = "";
    binaryType: BinaryType = "blob";
    /** For an SDK in the same page; to all others everything is a message. */
    readonly [DIRECT]: DirectSocket = {
      onevents: null,
      hears: null,
      sendPositions: (positions) => {
        if (this.#readyState === this.OPEN) this.#link?.handToHub(positions);
      },
    };
    readonly #origin: string;
    #release: () => void = () => undefined;
    readonly #onopen = this.#slot("open");
    readonly #onerror = this.#slot("error");
    readonly #onmessage = new HandlerSlot<MessageEvent>(this, {
      add: (listener) => {
        this.addEventListener("message", listener);
      },
      remove: (listener) => {
        this.removeEventListener("message", listener);
      },
    });
    readonly #onclose = new HandlerSlot<CloseEvent>(this, {
      add: (listener) => {
        this.addEventListener("close", listener);
      },
      remove: (listener) => {
        this.removeEventListener("close", listener);
      },
    });
    #readyState: 0 | 1 | 2 | 3 = 0;
    #protocol = "";
    #link: PageLink | null = null;
    /** Bytes that were given to a socket that could send them no more; they count for ever, as in a browser. */
    #lostBytes = 0;

    constructor(
      url: string | URL,
      protocols: string | string[],
      host: string,
      wire: WebSocketOptions["wire"],
    ) {
      super();
      const address = socketUrl(url);
      const asked = socketProtocols(protocols);
      this.url = address.href;
      this.#origin = address.origin;
      const isHere = address.protocol === "ws:" && address.host === host && address.pathname === PATH;
      const connect = ({ tasks, link }: Wire): void => {
        this.#release = tasks.retain();
        tasks.post(() => {
          this.#connect(isHere ? link : nowhere, asked[0] ?? "");
        });
      };
      const found = wire();
      if (found instanceof Promise) {
        found.then(connect, () => {
          this.#fail();
        });
      } else connect(found);
    }

    get readyState(): 0 | 1 | 2 | 3 {
      return this.#readyState;
    }

    /** The first one that was asked for: the backend takes any. */
    get protocol(): string {
      return this.#protocol;
    }

    get bufferedAmount(): number {
      return this.#lostBytes + (this.#link?.bytesToHub ?? 0);
    }

    get onopen(): Handler<Event> {
      return this.#onopen.get();
    }
    set onopen(handler: Handler<Event>) {
      this.#onopen.set(handler);
    }

    get onmessage(): Handler<MessageEvent> {
      return this.#onmessage.get();
    }
    set onmessage(handler: Handler<MessageEvent>) {
      this.#onmessage.set(handler);
    }

    get onerror(): Handler<Event> {
      return this.#onerror.get();
    }
    set onerror(handler: Handler<Event>) {
      this.#onerror.set(handler);
    }

    get onclose(): Handler<CloseEvent> {
      return this.#onclose.get();
    }
    set onclose(handler: Handler<CloseEvent>) {
      this.#onclose.set(handler);
    }

    send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      if (this.#readyState === this.CONNECTING) {
        throw new DOMException("This WebSocket is still connecting.", "InvalidStateError");
      }
      const message = messageOf(data);
      if (this.#readyState === this.OPEN && this.#link !== null) this.#link.sendToHub(message);
      else
        this.#lostBytes += typeof message === "number" ? message : new TextEncoder().encode(message).length;
    }

    close(code?: number, reason?: string): void {
      const status = code === undefined ? undefined : toStatus(code);
      const words = reason === undefined ? "" : wellFormed(reason);
      checkClose(status, words);
      if (this.#readyState >= this.CLOSING) return;
      const wasConnecting = this.#readyState === this.CONNECTING;
      this.#readyState = this.CLOSING;
      // One that never opened is ended by the turn that would have opened it.
      if (!wasConnecting) this.#link?.closeFromPage(status, words);
    }

    override addEventListener<K extends keyof WebSocketEventMap>(
      type: K,
      listener: (this: WebSocket, event: WebSocketEventMap[K]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    override addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | AddEventListenerOptions,
    ): void;
    override addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | AddEventListenerOptions,
    ): void {
      super.addEventListener(type, listener, options);
    }

    override removeEventListener<K extends keyof WebSocketEventMap>(
      type: K,
      listener: (this: WebSocket, event: WebSocketEventMap[K]) => unknown,
      options?: boolean | EventListenerOptions,
    ): void;
    override removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | EventListenerOptions,
    ): void;
    override removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | EventListenerOptions,
    ): void {
      super.removeEventListener(type, listener, options);
    }

    #connect(reach: Wire["link"], protocol: string): void {
      const take = (events: readonly AnyEvent[], prev: number | null): void => {
        if (this.#readyState !== this.OPEN) return;
        const { onevents, hears } = this[DIRECT];
        const isAll = prev !== null || hears === null;
        const heard = isAll ? events : events.filter(({ type }) => hears(type));
        if (heard.length > 0) onevents?.(heard.map(copyOf), prev);
      };
      const takesEvents = (): boolean => this[DIRECT].onevents !== null;
      const page: PageEnd = {
        get events() {
          return takesEvents() ? take : null;
        },
        message: (text) => {
          this.#receive(text);
        },
        closed: (closed) => {
          this.#end(closed);
        },
      };
      const link = this.#readyState === this.CONNECTING ? reach(page) : null;
      if (link === null) {
        this.#fail();
        return;
      }
      this.#link = link;
      this.#protocol = protocol;
      this.#readyState = this.OPEN;
      this.dispatchEvent(new Event("open"));
    }

    #receive(text: string): void {
      // What comes after the page has begun to close is not told, as in a browser.
      if (this.#readyState !== this.OPEN) return;
      this.dispatchEvent(new MessageEvent("message", { data: text, origin: this.#origin }));
    }

    #fail(): void {
      this.#readyState = this.CLOSED;
      this.dispatchEvent(new Event("error"));
      this.#end(ABNORMAL);
    }

    #end(closed: Closed): void {
      this.#readyState = this.CLOSED;
      this.#lostBytes += this.#link?.bytesToHub ?? 0;
      this.#link = null;
      this.#release();
      this.dispatchEvent(createCloseEvent(closed));
    }

    #slot(type: "open" | "error"): HandlerSlot<Event> {
      return new HandlerSlot<Event>(this, {
        add: (listener) => {
          this.addEventListener(type, listener);
        },
        remove: (listener) => {
          this.removeEventListener(type, listener);
        },
      });
    }
  };

/** What is at any other address. */
function nowhere(): null {
  return null;
}

/** Text as it goes onto the wire, or the bytes of a binary message, which the backend refuses whatever is in it. */
function messageOf(data: unknown): string | number {
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength;
  if (typeof Blob !== "undefined" && data instanceof Blob) return data.size;
  if (typeof SharedArrayBuffer !== "undefined" && data instanceof SharedArrayBuffer) return data.byteLength;
  return wellFormed(data);
}

/** A number as a browser reads a close code: whole, and held to what 16 bits can say. */
function toStatus(code: number): number {
  return code > 0 ? Math.min(65_535, Math.round(code)) : 0;
}
