import { DIRECT } from "../../contract/direct.js";
import type { Fetch, Transport } from "./transport.js";

/** The shorter way that a `fetch` carries to a backend in the same page; none where the `fetch` is any other. */
export function directTransportOf(fetch: Fetch | undefined): Transport | undefined {
  return fetch && hasDirect(fetch) ? fetch[DIRECT] : undefined;
}

function hasDirect(fetch: Fetch): fetch is Fetch & { readonly [DIRECT]: Transport } {
  return DIRECT in fetch;
}
