import { setupServer } from "msw/node";
import { onTestFinished } from "vitest";
import { createHandlers } from "../../../mock-server/msw.js";
import { WebSocket as WsWebSocket } from "ws";
import { eventFrameSchema, welcomeSchema } from "../../../src/contract/index.js";
import type { BackendOptions } from "../../../mock-server/index.js";
import type { Backend } from "../../../mock-server/backend.js";
import { createMockBackend, IN_PAGE_ENDPOINT } from "../../../mock-server/hosts/in-page/index.js";
import { startMockServer } from "../../../mock-server/hosts/node/index.js";
import { read } from "../../lib/read.js";
import { withWebSocket } from "../../lib/web-socket.js";

/** What a frame says. */
export type Json = ReturnType<typeof JSON.parse>;

/** What a client needs of a WebSocket class; each host has its own. */
type SocketClass = new (url: string) => Pick<WebSocket, "send" | "close" | "readyState"> & {
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { code: number; reason: string; wasClean: boolean }) => void,
  ): void;
};

/** A backend and how a client's socket reaches it. */
export interface Place {
  readonly backend: Backend;
  readonly url: string;
  readonly Socket: SocketClass;
  /** Makes a call beside the stream, and gives what the answer says. */
  readonly call: (method: string, path: string, body?: unknown, key?: string) => Promise<Json>;
}

function caller(endpoint: string, send: typeof fetch): Place["call"] {
  return async (method, path, body, key = "development-key") => {
    const headers = { "X-API-Key": key, "Content-Type": "application/json" };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await send(endpoint + path, { method, headers, ...given })).json();
  };
}

const standard: BackendOptions = { seed: 1, limits: { max_agents: 50 } };

async function onPort(Socket: SocketClass, options: BackendOptions): Promise<Place> {
  const server = await startMockServer({ port: 0, ...standard, ...options });
  onTestFinished(() => server.close({ graceMs: 200 }));
  const call = caller(server.url, fetch);
  return { backend: server.backend, url: server.websocketUrl, Socket, call };
}

async function behindMsw(options: BackendOptions = {}): Promise<Place> {
  const withoutIt = withWebSocket();
  const endpoint = "http://agents.test";
  const backend = createMockBackend({ ...standard, ...options });
  const interception = setupServer(...createHandlers(backend, { endpoint }));
  interception.listen({ onUnhandledRequest: "error" });
  onTestFinished(() => {
    interception.close();
    backend.close();
    withoutIt();
  });
  const call = caller(endpoint, fetch);
  return { backend, url: "ws://agents.test/ws", Socket: globalThis.WebSocket, call };
}

/** Every host that has an event stream, with every kind of socket. */
export const hosts: [string, (options?: BackendOptions) => Promise<Place>][] = [
  [
    "in the page",
    async (options = {}) => {
      const backend = createMockBackend({ ...standard, ...options });
      onTestFinished(() => {
        backend.close();
      });
      const call = caller(IN_PAGE_ENDPOINT, (input, init) => backend.fetch(input, init));
      return {
        backend,
        url: `${IN_PAGE_ENDPOINT.replace("http", "ws")}/ws`,
        Socket: backend.WebSocket,
        call,
      };
    },
  ],
  ["on a port, with ws", (options = {}) => onPort(WsWebSocket, options)],
  ["behind MSW", behindMsw],
  // Node 22 and later have one of their own.
  ...(typeof WebSocket === "undefined"
    ? []
    : [
        ["on a port, with the platform's WebSocket", (options = {}) => onPort(WebSocket, options)] satisfies [
          string,
          (options?: BackendOptions) => Promise<Place>,
        ],
      ]),
];

/** A client that sends what it is told to, and keeps what it hears. */
export class Client {
  readonly frames: Json[] = [];
  closed: { code: number; reason: string; wasClean: boolean } | null = null;
  readonly socket: InstanceType<SocketClass>;
  #waiting: (() => void)[] = [];

  constructor({ url, Socket }: Place, hello: object | null) {
    this.socket = new Socket(url);
    this.socket.addEventListener("open", () => {
      if (hello !== null) this.say({ type: "hello", protocol: 1, ...hello });
      this.#changed();
    });
    this.socket.addEventListener("message", ({ data }) => {
      this.frames.push(JSON.parse(String(data)));
      this.#changed();
    });
    this.socket.addEventListener("close", ({ code, reason, wasClean }) => {
      this.closed = { code, reason, wasClean };
      this.#changed();
    });
  }

  say(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Waits from one thing that the socket tells to the next until something holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async welcomed(): Promise<Json> {
    await this.until(() => this.frames.length > 0);
    return read(welcomeSchema, this.frames[0]);
  }

  get events(): Json[] {
    return this.frames.filter((frame) => "prev" in frame).map((frame) => read(eventFrameSchema, frame));
  }

  async left(): Promise<{ code: number; reason: string; wasClean: boolean } | null> {
    await this.until(() => this.closed !== null);
    return this.closed;
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
