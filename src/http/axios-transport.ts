import { Axios } from "axios";
import { toFailure } from "./failure.js";
import type { Fetch, Transport } from "./transport.js";

/** Sends requests with axios: over the `fetch` that is handed in, else over Node's http or the page's `fetch`. */
export function axiosTransport(fetch: Fetch | undefined): Transport {
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
  });
  return {
    async send({ route: { method }, url, headers, body, signal, stream }) {
      try {
        const {
          status,
          headers: answered,
          data,
        } = await axios.request<unknown>({
          method,
          url,
          // axios would name itself, and a page may only do that where the server's CORS rules allow it.
          headers: { "user-agent": false, ...headers },
          data: body,
          signal,
          // XMLHttpRequest is left out: it follows redirects and would take the key along to another server.
          adapter: stream || fetch !== undefined || isFetchRouted() ? "fetch" : ["http", "fetch"],
          ...(stream && { responseType: "stream" }),
        });
        const streamed = data instanceof ReadableStream ? data : null;
        const wanted = stream && status < 300;
        return {
          status,
          header: (name) => {
            const value: unknown = answered[name];
            return typeof value === "string" ? value : null;
          },
          text:
            typeof data === "string" ? data : streamed && !wanted ? await new Response(streamed).text() : "",
          stream: wanted ? streamed : null,
        };
      } catch (error) {
        throw toFailure(error, headers);
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
