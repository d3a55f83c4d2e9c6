import { DIRECT } from "../../../src/contract/direct.js";
import { asyncDispose } from "../../../src/contract/dispose.js";
import { assembleBackend } from "../../assemble.js";
import type { Backend } from "../../assemble.js";
import { DEFAULT_API_KEY } from "../../backend-options.js";
import type { BackendOptions } from "../../backend-options.js";
import type { SeldomCode } from "../../calls/seldom-calls.js";
import type { CoreParts, HostParts } from "../../host-parts.js";
import type { Fetch } from "../../http/to-fetch.js";
import { createDirectTransport } from "./direct.js";
import type { BytesCode, DirectTransport } from "./direct.js";
import { PageHub } from "./page-hub.js";
import type { LiveCode } from "./page-hub.js";
import { createPageNetwork } from "./page-network.js";
import type { NetworkCode } from "./page-network.js";
import type { WebSocketClass, WebSocketOptions } from "./web-socket.js";

/** Where the backend in the page is, for those who have to name a place: this machine, by definition of `.localhost`. */
export const IN_PAGE_ENDPOINT = "http://agentvm.localhost";

/** A `fetch` with the shorter way to the same backend. */
export type InPageFetch = Fetch & { readonly [DIRECT]: DirectTransport };

/** What `new AgentVM({ ...backend.connection() })` needs. */
export interface MockConnection<W = WebSocketClass> {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly fetch: InPageFetch;
  readonly WebSocket: W;
}

/** A backend in this page, worker or process: no socket, no service worker, no network. */
export interface MockBackend<W = WebSocketClass> extends Backend, AsyncDisposable {
  /**
   * Called as the platform's `fetch`; answers every http and https address. After `close()` it rejects with a
   * TypeError, as a dead network does. It carries a shorter way that the SDK takes by itself, to the same answers without
   * HTTP in between; a function that wraps this one has the long way.
   */
  readonly fetch: InPageFetch;
  /** A class that behaves as the browser's WebSocket and reaches the event stream at `ws://agentvm.localhost/ws`. */
  readonly WebSocket: W;
  /** What an `AgentVM` needs to use this backend: `new AgentVM({ ...backend.connection() })`. */
  connection(): MockConnection<W>;
}

/** What a backend in a page is made of. */
export interface PageParts<W> extends CoreParts, Pick<HostParts<PageHub>, "documents" | "work"> {
  /** Makes the class of the sockets that reach it. */
  readonly createWebSocketClass: (options: WebSocketOptions) => W;
  /** Gets the code of the event stream. */
  readonly live: () => Promise<LiveCode>;
  /** Gets HTTP, and the code of the calls that few pages make. */
  readonly seldom: () => Promise<SeldomCode & NetworkCode & BytesCode>;
}

/** Makes the backend of a page from parts, which are loaded when they are wanted or are there already. */
export function createPageBackend<W>(options: BackendOptions, parts: PageParts<W>): MockBackend<W> {
  const { live, seldom } = parts;
  const origin = IN_PAGE_ENDPOINT;
  const core = assembleBackend(options, { ...parts, createHub: (hub) => new PageHub(hub, live) });
  const closed = (): boolean => core.closed;
  const network = createPageNetwork({
    desk: core.desk,
    origin,
    corsOrigins: options.corsOrigins,
    closed,
    load: seldom,
  });
  const direct = createDirectTransport({ desk: core.desk, origin, closed, load: seldom });
  const fetch = Object.assign(network.fetch, { [DIRECT]: direct });
  const WebSocket = parts.createWebSocketClass({ wire: () => core.hub.wire(), endpoint: origin });
  const apiKey = core.apiKey ?? DEFAULT_API_KEY;
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
