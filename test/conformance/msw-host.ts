import { setupServer } from "msw/node";
import { createMockBackend } from "../../mock-server/index.js";
import { createHandlers } from "../../mock-server/msw.js";
import { API_KEY } from "./host.js";
import type { StartHost } from "./host.js";
import { eventsOf } from "./in-page-host.js";

const ENDPOINT = "http://agents.test";

/** Starts the host behind MSW, which answers this process's own `fetch`. */
export const startMsw: StartHost = (options) => {
  const backend = createMockBackend(options);
  const interception = setupServer(...createHandlers(backend, { endpoint: ENDPOINT }));
  interception.listen({ onUnhandledRequest: "error" });
  return {
    fetch: (input, init) => fetch(input, init),
    endpoint: ENDPOINT,
    apiKey: API_KEY,
    advance: (ms) => backend.clock.advance(ms),
    events: () => eventsOf(backend),
    close: () => {
      interception.close();
      backend.close();
    },
  };
};
