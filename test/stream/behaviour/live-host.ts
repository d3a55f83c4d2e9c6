import { WebSocket as WsWebSocket } from "ws";
import type { Backend } from "../../../mock-server/backend.js";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import { createBackendClock } from "../../../mock-server/domain/index.js";
import { createMockBackend } from "../../../mock-server/index.js";
import { PageHub } from "../../../mock-server/hosts/in-page/page-hub.js";
import { createWebSocketClass } from "../../../mock-server/hosts/in-page/web-socket.js";
import { createWire } from "../../../mock-server/hosts/in-page/wire.js";
import { IN_PAGE_ENDPOINT } from "../../../mock-server/hosts/in-page/index.js";
import { startMockServer } from "../../../mock-server/node.js";
import type { Connection } from "../../../mock-server/stream/index.js";
import type { AgentVMOptions, Fetch, WebSocketConstructor } from "../../../src/index.js";
import { FaultProxy } from "../faults/fault-proxy.js";

/** A backend on one host, and what a client needs to reach it; the network between them does as the test says. */
export interface LivePlace {
  /** The backend of now: a restart makes another. */
  readonly backend: Backend;
  readonly connection: Pick<AgentVMOptions, "endpoint" | "apiKey" | "fetch" | "WebSocket">;
  /** Ends every connection at once, without a goodbye. */
  cut(): void;
  /** The server goes, and another begins with nothing of what this one knew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** One way to run the backend and to reach it. */
export interface LiveHost {
  readonly name: string;
  start(options?: BackendOptions): Promise<LivePlace>;
}

const SEED = 5;

/** The backend in the page, by its own fetch and WebSocket. */
export const inPageHost: LiveHost = {
  name: "in the page",
  async start(options) {
    const connections = new Set<Connection>();
    let seed = SEED;
    const begin = () => {
      // The epoch comes from the seed too, and a restart begins another.
      const backend = createMockBackend({ clock: "manual", seed: seed++, ...options });
      const { hub } = backend;
      if (!(hub instanceof PageHub))
        throw new TypeError("The backend in the page has a hub of its own kind.");
      const wire = createWire({
        get closed() {
          return hub.closed;
        },
        accept: (connection: Connection) => {
          connections.add(connection);
          return hub.accept(connection);
        },
      });
      const loaded = async () => {
        await hub.wire();
        return wire;
      };
      return { backend, Socket: createWebSocketClass({ wire: loaded, endpoint: IN_PAGE_ENDPOINT }) };
    };
    let now = begin();
    const cut = () => {
      for (const connection of connections) connection.terminate();
      connections.clear();
    };
    // Always the class of the backend that runs now.
    const WebSocket = new Proxy(now.Socket, { construct: (_class, [url]) => new now.Socket(String(url)) });
    const fetch: Fetch = (input, init) => now.backend.fetch(input, init);
    return {
      get backend() {
        return now.backend;
      },
      connection: { endpoint: IN_PAGE_ENDPOINT, apiKey: "development-key", fetch, WebSocket },
      cut,
      restart: async () => {
        now.backend.close();
        now = begin();
      },
      close: async () => now.backend.close(),
    };
  },
};

/** The backend behind a port, with a network between that can be cut; reached by whatever WebSocket. */
export function portHost(name: string, WebSocket: WebSocketConstructor | undefined): LiveHost {
  return {
    name,
    async start(options) {
      let seed = SEED;
      const begin = () => startMockServer({ clock: "manual", seed: seed++, ...options, port: 0 });
      let server = await begin();
      const network = new FaultProxy(Math.random, () => server.port);
      network.calm();
      const port = await network.listen();
      return {
        get backend() {
          return server.backend;
        },
        connection: {
          endpoint: `http://127.0.0.1:${port}`,
          apiKey: "development-key",
          fetch: (input, init) => fetch(input, init),
          WebSocket,
        },
        cut: () => network.cutAll(),
        restart: async () => {
          await server.close({ graceMs: 100 });
          server = await begin();
        },
        close: async () => {
          await network.close();
          await server.close({ graceMs: 100 });
        },
      };
    },
  };
}

/** The `ws` package's class, as a Node without a WebSocket of its own uses it. */
export const wsSocket: WebSocketConstructor = WsWebSocket;

/** A client's time: real, but ten times as fast, so that nobody waits for the SDK's own waits. */
export function clientClock() {
  return createBackendClock({ speed: 10 });
}

/** Chance as a client takes it, small where it decides about waits and of enough kinds where it makes ids. */
export function hastyRandom(): number {
  return Math.random() * 0.01;
}
