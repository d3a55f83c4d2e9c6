import { isSecureFor } from "../options.js";
import type { Environment } from "../options.js";

/** Where the event stream of an endpoint is when nobody says otherwise. */
function beside(endpoint: string): string {
  return `${endpoint.replace(/^http/, "ws")}/ws`;
}

/**
 * Where to open the event stream: where the server said, unless that is no WebSocket address, holds credentials, or is
 * less safe than the endpoint or the environment wants; then beside the endpoint. A server behind a proxy that ends TLS
 * tells `ws:` for what is reached by `wss:`.
 */
export function streamUrl(
  told: string | null,
  endpoint: string,
  environment: Environment | undefined,
): string {
  if (told === null || !URL.canParse(told)) return beside(endpoint);
  const url = new URL(told);
  const { protocol, username, password, hash } = url;
  const isFit = protocol === "wss:" || (protocol === "ws:" && endpoint.startsWith("http:"));
  const isBare = username === "" && password === "" && hash === "";
  return isFit && isBare && isSecureFor(url, environment) ? told : beside(endpoint);
}
