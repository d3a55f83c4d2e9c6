import type { Backend } from "../../mock-server/backend.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { AnyEvent } from "../../src/contract/index.js";
import { API_KEY } from "./host.js";
import type { StartHost } from "./host.js";

/** Every event that a backend's log holds. */
export function eventsOf({ engine }: Pick<Backend, "engine">): readonly AnyEvent[] {
  const events = engine.log.after({ kind: "all" }, 0);
  if (events === "outrun") throw new Error("The log has forgotten its first events.");
  return events;
}

/** Starts the host in the page. */
export const startInPage: StartHost = (options) => {
  const backend = createMockBackend(options);
  return {
    fetch: backend.fetch,
    endpoint: backend.connection().endpoint,
    apiKey: API_KEY,
    advance: (ms) => backend.clock.advance(ms),
    events: () => eventsOf(backend),
    close: () => backend.close(),
  };
};
