import { toFailure } from "./failure.js";
import type { Fetch, Transport } from "./transport.js";

/** Sends requests with the `fetch` that is handed in, else with the one that is global at that moment. */
export function fetchTransport(fetch: Fetch = (input, init) => globalThis.fetch(input, init)): Transport {
  return {
    async send({ route: { method }, url, headers, body, signal, stream }) {
      try {
        const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
        const streamed = stream && response.ok;
        return {
          status: response.status,
          header: (name) => response.headers.get(name),
          text: streamed ? "" : await response.text(),
          stream: streamed ? response.body : null,
        };
      } catch (error) {
        throw toFailure(error, headers);
      }
    },
  };
}
