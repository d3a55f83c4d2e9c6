import type { WebSocketConstructor } from "./ports.js";
import { globalWebSocket } from "./web-socket-global.js";

const options = {
  /** Bytes of one frame at the most: more than any server of the contract sends at once. */
  maxPayload: 16_777_216,
  /** Milliseconds for which a socket that was closed waits for the other side's goodbye. */
  closeTimeout: 2_000,
};

/** What opens sockets in Node: its own WebSocket from version 22 on, before that the one of `ws`, loaded only then. */
export async function loadWebSocket(): Promise<WebSocketConstructor> {
  const found = globalWebSocket();
  if (found !== null) return found;
  const { default: WebSocket } = await import("isomorphic-ws");
  return class extends WebSocket {
    constructor(url: string) {
      super(url, options);
    }
  };
}
