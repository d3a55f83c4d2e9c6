import { DIRECT } from "../../../src/contract/direct.js";
import { asyncDispose } from "../../../src/contract/dispose.js";
import { assembleBackend } from "../../assemble.js";
import type { Backend } from "../../assemble.js";
import { DEFAULT_API_KEY } from "../../backend-options.js";
import type { BackendOptions } from "../../backend-options.js";
import type { Fetch } from "../../http/to-fetch.js";
import { createDirectTransport } from "./direct.js";
import type { DirectTransport } from "./direct.js";
import { PageHub } from "./page-hub.js";
import { createPageNetwork } from "./page-network.js";
import { createWebSocketClass } from "./web-socket.js";
import type { WebSocketClass } from "./web-socket.js";

/** Where the backend in the page is, for those who have to name a place: this machine, by definition of `.localhost`. */
export const IN_PAGE_ENDPOINT = "http://agentvm.localhost";

/** A `fetch` with the shorter way to the same backend. */
export type InPageFetch = Fetch & { readonly [DIRECT]: DirectTransport };

/** What `new AgentVM({ ...backend.connection() })` needs. */
export interface MockConnection {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly fetch: InPageFetch;
  readonly WebSocket: WebSocketClass;
}

/** A backend in this page, worker or process: no socket, no service worker, no network. */
export interface MockBackend extends Backend, AsyncDisposable {
  /**
   * Called as the platform's `fetch`; answers every http and https address. After `close()` it rejects with a
   * TypeError, as a dead network does. It carries a shorter way that the SDK takes by itself, to the same answers without
   * HTTP in between; a function that wraps this one has the long way.
   */
  readonly fetch: InPageFetch;
  /** A class that behaves as the browser's WebSocket and reaches the event stream at `ws://agentvm.localhost/ws`. */
  readonly WebSocket: WebSocketClass;
  /** What an `AgentVM` needs to use this backend: `new AgentVM({ ...backend.connection() })`. */
  connection(): MockConnection;
}

/**
 * Makes a whole AgentVM backend inside this page, worker or process.
 *
 * @example
 * ```ts
 * const backend = createMockBackend({ seed: 7, clock: "manual" });
 * const agentvm = new AgentVM({ ...backend.connection() });
 * const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
 * backend.clock.advance(60_000);
 * backend.close();
 * ```
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function createMockBackend(options: BackendOptions = {}): MockBackend {
  const origin = IN_PAGE_ENDPOINT;
  const core = assembleBackend(options, (parts) => new PageHub(parts));
  const closed = (): boolean => core.closed;
  const network = createPageNetwork({
    desk: core.desk,
    origin,
    corsOrigins: options.corsOrigins,
    closed,
  });
  const direct = createDirectTransport({ desk: core.desk, origin, closed });
  const fetch = Object.assign(network.fetch, { [DIRECT]: direct });
  const WebSocket = createWebSocketClass({ wire: () => core.hub.wire(), endpoint: origin });
  const apiKey = core.apiKeys[0] ?? DEFAULT_API_KEY;
  return Object.assign(core, {
    handler: network.handler,
    fetch,
    WebSocket,
    connection: () => ({ endpoint: origin, apiKey, fetch, WebSocket }),
    [asyncDispose]: async () => {
      core.close();
    },
  });
}
