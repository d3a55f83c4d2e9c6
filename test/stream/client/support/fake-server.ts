import type { WebSocketConstructor, WebSocketLike } from "../../../../src/client/stream/ports.js";

/** A frame as it is on the wire. */
export type Frame = Record<string, unknown>;

/** One connection, seen from the server: the test decides what it does. */
export class FakeSocket implements WebSocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  bufferedAmount = 0;
  /** Frames that the client has sent. */
  readonly received: Frame[] = [];
  /** How the client has closed it; null while it has not. */
  closedByClient: { readonly code: number | undefined; readonly terminated: boolean } | null = null;
  /** Whether neither side has closed it. */
  isOpen = true;
  /** Called for each frame of the client. */
  onframe: ((frame: Frame) => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    const frame: Frame = JSON.parse(data);
    this.received.push(frame);
    this.onframe?.(frame);
  }

  close(code?: number): void {
    this.closedByClient ??= { code, terminated: false };
    this.isOpen = false;
  }

  terminate(): void {
    this.closedByClient ??= { code: undefined, terminated: true };
    this.isOpen = false;
  }

  /** The connection opens. */
  accept(): this {
    this.#call(this.onopen, {});
    return this;
  }

  /** Sends a frame. */
  tell(frame: object): this {
    return this.tellRaw(JSON.stringify(frame));
  }

  /** Sends what need not be a frame. */
  tellRaw(data: unknown): this {
    if (this.isOpen) this.#call(this.onmessage, { data });
    return this;
  }

  /** Closes the connection from the server's side. */
  end(code = 1006): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (code === 1006) this.#call(this.onerror, {});
    this.#call(this.onclose, { code });
  }

  /** Frames of one type that the client has sent. */
  framesOf(type: string): Frame[] {
    return this.received.filter((frame) => frame["type"] === type);
  }

  #call(handler: ((event: never) => void) | null, event: unknown): void {
    const call: unknown = handler;
    if (typeof call === "function") call(event);
  }
}

/** Opens {@link FakeSocket}s and keeps them. */
export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  readonly WebSocket: WebSocketConstructor;
  /** Called for each new connection. */
  onconnect: ((socket: FakeSocket) => void) | null = null;

  constructor() {
    const connected = (socket: FakeSocket) => {
      this.sockets.push(socket);
      this.onconnect?.(socket);
    };
    this.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url);
        connected(this);
      }
    };
  }

  /** The newest connection. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("Nobody has connected.");
    return socket;
  }

  /** Connections that are open. */
  get open(): number {
    return this.sockets.filter((socket) => socket.isOpen).length;
  }
}
