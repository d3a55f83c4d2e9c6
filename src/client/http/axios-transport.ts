import { Axios } from "axios";
import { tooLarge } from "./answer-text.js";
import { toFailure } from "./failure.js";
import { fetchTransport } from "./fetch-transport.js";
import { lasting } from "./transport.js";
import type { Fetch, Transport } from "./transport.js";

/** Sends requests with axios: over the `fetch` that is handed in, else over Node's http or the page's `fetch`. */
export function axiosTransport(fetch: Fetch | undefined, maxAnswerBytes: number): Transport {
  const env: { fetch?: Fetch } = fetch === undefined ? {} : { fetch };
  // Without a Request class axios hands over the URL and its options as they are, which spares building one;
  // it documents null here, but its types do not have it.
  Object.assign(env, { Request: null });
  // The bare class, not an instance with axios' defaults: no parsing behind the contract's back, no form types.
  const axios = new Axios({
    env,
    validateStatus: null,
    maxRedirects: 0,
    // Else axios would send the key to whatever proxy an environment variable names, calls of this machine to itself too.
    proxy: false,
    responseType: "text",
    maxContentLength: maxAnswerBytes,
  });
  const overFetch = fetchTransport(fetch, maxAnswerBytes);
  return {
    async send(request) {
      // axios streams where it finds `fetch` to its liking; `fetch` itself streams in workers and in happy-dom too.
      if (request.stream) return overFetch.send(request);
      const { route, url, headers, body, signal } = request;
      try {
        const {
          status,
          headers: answered,
          data,
        } = await axios.request<unknown>({
          method: route.method,
          url,
          // axios would name itself, and a page may only do that where the server's CORS rules allow it.
          headers: { "user-agent": false, ...headers },
          data: body,
          signal,
          fetchOptions: lasting(request),
          // XMLHttpRequest is left out: it follows redirects and would take the key along to another server.
          adapter: fetch !== undefined || isFetchRouted() ? "fetch" : ["http", "fetch"],
        });
        return {
          status,
          header: (name) => {
            const value: unknown = answered[name];
            return typeof value === "string" ? value : null;
          },
          text: typeof data === "string" ? data : "",
          stream: null,
        };
      } catch (error) {
        const failure = toFailure(error, headers);
        throw failure.message.startsWith("maxContentLength") ? tooLarge(maxAnswerBytes) : failure;
      }
    },
  };
}

/**
 * Whether somebody has chosen how `fetch` connects in this process, with a dispatcher of undici's or Node's own switch for proxies, which
 * sets one: then it counts for this entry as it does for the other.
 */
function isFetchRouted(): boolean {
  const set: unknown = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  return typeof set === "object" && set !== null && set.constructor.name !== "Agent";
}
