import type { Preflight } from "./cors.js";
import type { HttpCall } from "./types.js";

/** The question that a browser asks before it lets a page call, or null for any other OPTIONS. */
export function preflightOf(call: HttpCall): Preflight | null {
  const origin = call.header("origin");
  if (origin === undefined || call.header("access-control-request-method") === undefined) return null;
  return {
    origin,
    headers: call.header("access-control-request-headers"),
    privateNetwork: call.header("access-control-request-private-network") === "true",
  };
}
