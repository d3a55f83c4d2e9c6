import type { InPageFetch } from "../../mock-server/index.js";
import { DIRECT } from "../../src/contract/index.js";
import { urlOf } from "./scripted-fetch.js";

/** The embedded backend's `fetch`, both of its ways told of before they are gone. */
export function watched(fetch: InPageFetch, tell: (method: string, url: string) => void): InPageFetch {
  const long: typeof globalThis.fetch = (input, init) => {
    tell(init?.method ?? "GET", urlOf(input));
    return fetch(input, init);
  };
  return Object.assign(long, {
    [DIRECT]: {
      send: (request) => {
        tell(request.route.method, request.url);
        return fetch[DIRECT].send(request);
      },
    } satisfies InPageFetch[typeof DIRECT],
  });
}
