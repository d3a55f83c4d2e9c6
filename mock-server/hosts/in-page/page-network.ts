import type { Desk } from "../../calls/desk.js";
import type { createCors } from "../../http/cors.js";
import type { createHttpHandler } from "../../http/handler.js";
import type { Fetch, toFetch } from "../../http/to-fetch.js";
import type { HttpHandler } from "../../http/types.js";
import { loadCode } from "../../calls/load-code.js";

/** HTTP, and the platform's own objects for it: what loads with the first call over it. */
export interface NetworkCode {
  readonly createCors: typeof createCors;
  readonly createHttpHandler: typeof createHttpHandler;
  readonly toFetch: typeof toFetch;
}

/** HTTP as a page finds it. */
export interface PageNetwork {
  /** Rejects with an EngineError `unavailable` where its code cannot be loaded. */
  readonly handler: HttpHandler;
  /** Called as the platform's; rejects with a TypeError where the backend cannot be reached. */
  readonly fetch: Fetch;
}

/** What a {@link PageNetwork} is made of. */
export interface PageNetworkParts {
  readonly desk: Desk;
  /** Where the page reaches the backend. */
  readonly origin: string;
  readonly corsOrigins: readonly string[] | undefined;
  readonly closed: () => boolean;
  /** Loads the code. */
  readonly load: () => Promise<NetworkCode>;
}

/**
 * HTTP whose code is a chunk of its own: a page whose calls all come through the SDK never loads it. Where it cannot be
 * loaded, the next call tries again.
 */
export function createPageNetwork({
  desk,
  origin,
  corsOrigins,
  closed,
  load,
}: PageNetworkParts): PageNetwork {
  let loaded: PageNetwork | null = null;
  let loading: Promise<PageNetwork> | null = null;

  const found = (): Promise<PageNetwork> =>
    (loading ??= loadCode("HTTP", load).then(
      ({ createCors, createHttpHandler, toFetch }) => {
        const handler = createHttpHandler({ desk, cors: createCors(corsOrigins) });
        return (loaded = { handler, fetch: toFetch(handler, { origin }) });
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    ));

  return {
    handler: (call) => loaded?.handler(call) ?? found().then(({ handler }) => handler(call)),
    async fetch(input, init) {
      if (closed()) throw new TypeError("fetch failed: the backend in this page is closed.");
      const network = loaded ?? (await found().catch(asNetworkError));
      return await network.fetch(input, init);
    },
  };
}

function asNetworkError(error: unknown): never {
  throw new TypeError(`fetch failed: ${error instanceof Error ? error.message : String(error)}`);
}
