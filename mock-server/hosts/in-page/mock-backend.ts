import { assembleBackend } from "../../assemble.js";
import type { Backend } from "../../assemble.js";
import { DEFAULT_API_KEY } from "../../backend-options.js";
import type { BackendOptions } from "../../backend-options.js";
import { toFetch } from "../../http/to-fetch.js";
import type { Fetch } from "../../http/to-fetch.js";
import { PageHub } from "./page-hub.js";
import { createWebSocketClass } from "./web-socket.js";
import type { WebSocketClass } from "./web-socket.js";

/** Where the backend in the page is, for those who have to name a place: this machine, by definition of `.localhost`. */
export const IN_PAGE_ENDPOINT = "http://agentvm.localhost";

/** What `new AgentVM({ ...backend.connection() })` needs. */
export interface MockConnection {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly fetch: Fetch;
  readonly WebSocket: WebSocketClass;
}

/** A backend in this page, worker or process: no socket, no service worker, no network. */
export interface MockBackend extends Backend, AsyncDisposable {
  /**
   * Called as the platform's `fetch`; answers every http and https address. After `close()` it rejects with a
   * TypeError, as a dead network does.
   */
  readonly fetch: Fetch;
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
  const backend = assembleBackend(options, (parts) => new PageHub(parts));
  const answer = toFetch(backend.handler, { origin: IN_PAGE_ENDPOINT });
  const WebSocket = createWebSocketClass({ wire: () => backend.hub.wire(), endpoint: IN_PAGE_ENDPOINT });
  const apiKey = backend.apiKeys[0] ?? DEFAULT_API_KEY;

  const fetch: Fetch = (input, init) =>
    backend.closed
      ? Promise.reject(new TypeError("fetch failed: the backend in this page is closed."))
      : answer(input, init);

  return {
    ...backend,
    // Spread copies a getter's value of now.
    get closed() {
      return backend.closed;
    },
    fetch,
    WebSocket,
    connection: () => ({ endpoint: IN_PAGE_ENDPOINT, apiKey, fetch, WebSocket }),
    [Symbol.asyncDispose]: async () => {
      backend.close();
    },
  };
}
