import { startMockServer } from "../../mock-server/node.js";
import { API_KEY } from "./host.js";
import type { StartHost } from "./host.js";
import { eventsOf } from "./in-page-host.js";

/** Starts the host that listens on a port. */
export const startNode: StartHost = async (options) => {
  const server = await startMockServer({ ...options, port: 0 });
  return {
    fetch,
    endpoint: server.url,
    apiKey: API_KEY,
    advance: (ms) => server.backend.clock.advance(ms),
    events: () => eventsOf(server.backend),
    close: () => server.close(),
  };
};
