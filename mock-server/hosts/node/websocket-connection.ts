import type { WebSocket } from "ws";
import type { Connection } from "../../realtime/index.js";

const TEXT = { binary: false };

/**
 * Bytes at which a socket that was full takes more. Not nothing: answers to a peer's own pings of the WebSocket protocol
 * may lie behind the last message, and of their leaving nobody is told.
 */
const LOW_WATER_BYTES = 16_384;

/** A ws socket as the hub wants it. */
export class WebSocketConnection implements Connection {
  readonly #websocket: WebSocket;
  readonly #onFlushed: () => void;
  #wasBehind = false;

  /** @param drained Told when what was sent has left, after some of it had to wait. */
  constructor(websocket: WebSocket, drained: () => void) {
    this.#websocket = websocket;
    // One function for all messages: a closure for each would cost as much as the sending.
    this.#onFlushed = () => {
      if (!this.#wasBehind || websocket.bufferedAmount > LOW_WATER_BYTES) return;
      this.#wasBehind = false;
      drained();
    };
  }

  get bufferedBytes(): number {
    const bytes = this.#websocket.bufferedAmount;
    if (bytes > 0) this.#wasBehind = true;
    return bytes;
  }

  send(text: string): void {
    this.#websocket.send(text, TEXT, this.#onFlushed);
  }

  close(code: number, reason: string): void {
    this.#websocket.close(code, reason);
  }

  terminate(): void {
    this.#websocket.terminate();
  }
}
