import { errorCodes } from "../../src/contract/errors.js";
import { EngineError } from "../domain/index.js";

/** The HTTP status of an error. */
export function statusOf(error: EngineError): number {
  return errorCodes[error.code].status;
}

/** A path as an error may show it: what a caller sent is cut before it is sent back. */
function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}

export function routeNotFound(method: string, path: string): EngineError {
  return new EngineError("route_not_found", `There is no route ${shown(method)} ${shown(path)}.`);
}

export function methodNotAllowed(method: string, path: string, allow: string): EngineError {
  return new EngineError("method_not_allowed", `${shown(path)} takes ${allow}, not ${shown(method)}.`);
}

export function rateLimited(retryAfterSeconds: number): EngineError {
  return new EngineError("rate_limited", "More requests were made than the rate limit allows.", {
    retryAfterSeconds,
  });
}

/** The headers that an error carries beside its body. */
export function failureHeaders(error: EngineError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
  else if (statusOf(error) === 503) headers["retry-after"] = "1";
  if (statusOf(error) === 401) headers["www-authenticate"] = 'Bearer realm="agentvm"';
  return headers;
}
