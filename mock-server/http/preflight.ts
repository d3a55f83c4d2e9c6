import type { Cors } from "./cors.js";
import type { HttpCall } from "./types.js";

const METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
const HEADERS =
  "X-API-Key, Authorization, Content-Type, Content-Encoding, Idempotency-Key, X-Request-Id, Accept";
const HEADER_NAMES = /^[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,2048}$/;

/**
 * The headers that answer the question which a browser asks before it lets a page call: nothing for an origin that is not allowed.
 * Null for any other OPTIONS.
 */
export function preflightHeaders(call: Pick<HttpCall, "header">, cors: Cors): Record<string, string> | null {
  const origin = call.header("origin");
  if (origin === undefined || call.header("access-control-request-method") === undefined) return null;
  const allowed = cors.allowedAs(origin);
  if (allowed === null) return {};
  const asked = call.header("access-control-request-headers");
  const privateNetwork = call.header("access-control-request-private-network") === "true";
  return {
    "access-control-allow-origin": allowed,
    "access-control-allow-methods": METHODS,
    // A user may send headers of its own with any call, so those that are asked for are granted.
    "access-control-allow-headers": asked !== undefined && HEADER_NAMES.test(asked) ? asked : HEADERS,
    "access-control-max-age": "600",
    vary: "Origin, Access-Control-Request-Headers",
    ...(privateNetwork ? { "access-control-allow-private-network": "true" } : {}),
  };
}
