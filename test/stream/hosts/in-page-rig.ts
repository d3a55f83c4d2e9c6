import { createBackend, type Backend } from "../../../mock-server/backend.js";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import { createWebSocketClass } from "../../../mock-server/hosts/in-page/web-socket.js";
import { createWire } from "../../../mock-server/hosts/in-page/wire.js";

export const ENDPOINT = "http://agentvm.localhost";
export const ADDRESS = "ws://agentvm.localhost/ws";
export const HELLO = JSON.stringify({ type: "hello", protocol: 1, api_key: "development-key" });

/** A backend and the class that reaches it. */
export function createPage(options: BackendOptions = {}): { backend: Backend; InPage: typeof WebSocket } {
  const backend = createBackend({ seed: 1, clock: "manual", ...options });
  const wire = createWire(backend.hub);
  return { backend, InPage: createWebSocketClass({ wire: () => wire, endpoint: ENDPOINT }) };
}

/** Everything that a socket tells, in order. */
export class Recorder {
  readonly log: string[] = [];
  readonly messages: string[] = [];
  closed: { code: number; reason: string; wasClean: boolean } | null = null;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, () => this.log.push(type));
    }
    socket.addEventListener("message", ({ data }) => this.messages.push(String(data)));
    socket.addEventListener("close", ({ code, reason, wasClean }) => {
      this.closed = { code, reason, wasClean };
    });
  }

  /** Resolves when the socket has told `count` events of a type in all. */
  async told(type: string, count = 1): Promise<void> {
    while (this.log.filter((entry) => entry === type).length < count) {
      await new Promise((resolve) => this.#socket.addEventListener(type, resolve, { once: true }));
    }
  }
}

/** Lets everything happen that waits for a turn of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
