import { textOf } from "./answer-text.js";
import { toFailure } from "./failure.js";
import { ANSWER_MAX_BYTES, lasting } from "./transport.js";
import type { Fetch, Transport } from "./transport.js";

// Called by its bare name, so that where there is none the error says so.
const globalFetch: Fetch = (input, init) => fetch(input, init);

/** Sends requests with the `fetch` that is handed in, else with the one that is global at that moment. */
export function fetchTransport(send: Fetch = globalFetch, maxAnswerBytes = ANSWER_MAX_BYTES): Transport {
  return {
    async send(request) {
      const { route, url, headers, body, signal, stream } = request;
      try {
        const { method } = route;
        const how: RequestInit = { method, headers, body, signal, redirect: "manual", ...lasting(request) };
        const response = await send(url, how);
        const streamed = stream && response.ok;
        return {
          status: response.status,
          header: (name) => response.headers.get(name),
          text: streamed ? "" : await textOf(response, maxAnswerBytes),
          stream: streamed ? response.body : null,
        };
      } catch (error) {
        throw toFailure(error, headers);
      }
    },
  };
}
