import { setupServer } from "msw/node";
import { WebSocket as UndiciWebSocket } from "undici";
import { afterAll, beforeAll } from "vitest";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import { createMockBackend } from "../../../mock-server/index.js";
import { createHandlers } from "../../../mock-server/msw.js";
import type { Connection } from "../../../mock-server/stream/index.js";
import { describeLiveEvents } from "./describe-live-events.js";
import type { LiveHost } from "./live-host.js";

const ENDPOINT = "http://agents.test";
const SEED = 5;

// MSW stands in for a global WebSocket, which Node has from 22 on: undici's class, here put in its place where there is none.
const had = Object.hasOwn(globalThis, "WebSocket");
beforeAll(() => {
  if (!had) Reflect.set(globalThis, "WebSocket", UndiciWebSocket);
});
afterAll(() => {
  if (!had) Reflect.deleteProperty(globalThis, "WebSocket");
});

/** The backend behind MSW, which answers this process's own `fetch` and WebSocket. */
const mswHost: LiveHost = {
  name: "behind MSW",
  async start(options: BackendOptions = {}) {
    const connections = new Set<Connection>();
    let seed = SEED;
    const begin = () => {
      // The epoch comes from the seed too, and a restart begins another.
      const backend = createMockBackend({ clock: "manual", seed: seed++, ...options });
      const { hub } = backend;
      const accept = hub.accept.bind(hub);
      hub.accept = (connection) => {
        connections.add(connection);
        return accept(connection);
      };
      return backend;
    };
    let backend = begin();
    const interception = setupServer();
    const present = () => interception.resetHandlers(...createHandlers(backend, { endpoint: ENDPOINT }));
    interception.listen({ onUnhandledRequest: "error" });
    present();
    return {
      get backend() {
        return backend;
      },
      connection: {
        endpoint: ENDPOINT,
        apiKey: "development-key",
        fetch: (input, init) => fetch(input, init),
        WebSocket: undefined,
      },
      cut: () => {
        for (const connection of connections) connection.terminate();
        connections.clear();
      },
      restart: async () => {
        backend.close();
        backend = begin();
        present();
      },
      close: async () => {
        interception.close();
        backend.close();
      },
    };
  },
};

describeLiveEvents(mswHost);
