import { http } from "msw";
import type { RequestHandler, WebSocketHandler } from "msw";
import { urlOf } from "../../../src/contract/url.js";
import type { Backend } from "../../assemble.js";
import { toFetch } from "../../http/to-fetch.js";
import { websocketHandler } from "./websocket-handler.js";

/** How a backend is presented to MSW. */
export interface HandlersOptions {
  /** Scheme, host and port that the program under test calls. Default `"http://localhost:8000"`, as the SDK's own. */
  readonly endpoint?: string;
}

/** Where the SDK looks for a server that it was told nothing of. */
const DEFAULT_ENDPOINT = "http://localhost:8000";

/**
 * Presents a backend as handlers of MSW, 2.6 and later and 3: every call to the endpoint is answered by the backend, every other goes its
 * way, and so does the event stream at its `/ws`, where the runtime has a global WebSocket that MSW can stand in for (browsers, Node
 * 22 and later). It knows nothing of how MSW is set up, so it fits `setupServer` in Node and `setupWorker` in a page.
 *
 * @example
 * ```ts
 * const backend = createMockBackend({ seed: 7 });
 * const server = setupServer(...createHandlers(backend, { endpoint: "https://agents.example.com" }));
 * server.listen();
 * ```
 *
 * @throws TypeError when the endpoint is not scheme, host and port.
 */
export function createHandlers(
  backend: Backend,
  { endpoint = DEFAULT_ENDPOINT }: HandlersOptions = {},
): (RequestHandler | WebSocketHandler)[] {
  const origin = checkedOrigin(endpoint);
  const answer = toFetch(backend.handler, { origin });
  return [
    http.all(everythingAt(origin), ({ request }) =>
      // As a server that is gone: the caller's fetch fails. So it does where a fault breaks the call, to which MSW would answer 500.
      backend.closed ? Response.error() : answer(request).catch(() => Response.error()),
    ),
    websocketHandler(() => backend.hub, origin),
  ];
}

/**
 * Every address of an origin. An expression and not a path with a star, because of the star's part MSW undoes the escapes, and
 * throws at broken ones before the backend can refuse them.
 */
function everythingAt(origin: string): RegExp {
  return new RegExp(`^${origin.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?:[/?#].*)?$`);
}

function checkedOrigin(endpoint: string): string {
  const url = urlOf(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    // The value is not shown, for an address may hold a password.
    throw new TypeError(
      'endpoint must be scheme, host and port, like "http://localhost:8000", and nothing more.',
    );
  }
  return url.origin;
}
