import type { WebSocket } from "ws";
import type { Connection } from "../../stream/index.js";
import type { LastEncoded } from "./last-encoded.js";

/** Text, though it is handed over as bytes. */
const TEXT = { binary: false };

/**
 * Bytes at which a socket that was full takes more. Not nothing: answers to a peer's own pings of the WebSocket protocol
 * may lie behind the last message, and of their leaving nobody is told.
 */
const LOW_WATER_BYTES = 16_384;

/** A ws socket as the hub wants it. */
export class WebSocketConnection implements Connection {
  readonly remote: string;
  readonly #websocket: WebSocket;
  readonly #encoded: LastEncoded;
  readonly #onFlushed: () => void;
  #bytes = 0;

  /** @param drained Told when what was sent has left, after enough of it had to wait for the hub to hold something back. */
  constructor(websocket: WebSocket, remote: string, encoded: LastEncoded, drained: () => void) {
    this.remote = remote;
    this.#websocket = websocket;
    this.#encoded = encoded;
    // One function for all messages: a closure for each would cost as much as the sending.
    this.#onFlushed = () => {
      if (this.bufferedBytes <= LOW_WATER_BYTES) drained();
    };
  }

  /** Of one that is closing without end: what is sent to it is thrown away, so that nothing more is made for it. */
  get bufferedBytes(): number {
    const { readyState, OPEN, bufferedAmount } = this.#websocket;
    this.#bytes = readyState === OPEN ? bufferedAmount : Infinity;
    return this.#bytes;
  }

  send(text: string): void {
    const bytes = this.#encoded.of(text);
    this.#bytes += bytes.length;
    // Being told costs something with each message, so it is asked for only where the socket might end up full.
    if (this.#bytes > LOW_WATER_BYTES) this.#websocket.send(bytes, TEXT, this.#onFlushed);
    else this.#websocket.send(bytes, TEXT);
  }

  later(work: () => void): void {
    setImmediate(work);
  }

  close(code: number, reason: string): void {
    this.#websocket.close(code, reason);
  }

  terminate(): void {
    this.#websocket.terminate();
  }
}
