/** What a page may assign to `onmessage` and its like. */
export type Handler<E extends Event> = ((this: WebSocket, event: E) => unknown) | null;

/** How a slot listens; the socket's own methods, so that handler and listeners are called in the order they came. */
interface Listening<E extends Event> {
  add(listener: (event: E) => void): void;
  remove(listener: (event: E) => void): void;
}

/** One `on…` attribute: a listener that can be exchanged in its place, and taken away. */
export class HandlerSlot<E extends Event> {
  readonly #socket: WebSocket;
  readonly #listening: Listening<E>;
  #handler: Handler<E> = null;

  constructor(socket: WebSocket, listening: Listening<E>) {
    this.#socket = socket;
    this.#listening = listening;
  }

  get(): Handler<E> {
    return this.#handler;
  }

  /** A value that is no function takes the handler away, as on any event target. */
  set(handler: Handler<E>): void {
    const next = typeof handler === "function" ? handler : null;
    if (this.#handler === null && next !== null) this.#listening.add(this.#call);
    if (this.#handler !== null && next === null) this.#listening.remove(this.#call);
    this.#handler = next;
  }

  readonly #call = (event: E): void => {
    this.#handler?.call(this.#socket, event);
  };
}
