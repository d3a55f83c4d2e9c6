import { readBody } from "./body.js";
import type { Cors } from "./cors.js";
import { credentialsOf } from "./credentials.js";
import type { Desk, DeskCall } from "../desk/desk.js";
import { methodNotAllowed, routeNotFound } from "../desk/failures.js";
import { createMatcher } from "../desk/matcher.js";
import type { Match } from "../desk/matcher.js";
import { preflightHeaders } from "./preflight.js";
import { parseQuery, splitTarget } from "../desk/target.js";
import type { Answer } from "../desk/types.js";
import type { HttpCall, HttpHandler } from "./types.js";

/** What the handler stands on. */
export interface HttpParts {
  /** Does what was asked, once it is understood. */
  readonly desk: Desk;
  readonly cors: Cors;
}

/** Request ids that are taken over from the caller: visible ASCII that is harmless in logs and headers. */
const SANE_REQUEST_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** Makes the handler that answers every call of the contract except the event stream, as HTTP wants it. */
export function createHttpHandler({ desk, cors }: HttpParts): HttpHandler {
  const match = createMatcher();
  return (call) => {
    const { path, query } = splitTarget(call.target);
    const found = match(call.method, path);
    const requestId = call.header("x-request-id");
    const answer = desk.answer({
      found: found.kind === "route" ? found : elsewhere(call, path, found, cors),
      requestId: requestId !== undefined && SANE_REQUEST_ID.test(requestId) ? requestId : undefined,
      origin: call.origin,
      idempotencyKey: call.method === "POST" ? call.header("idempotency-key") : undefined,
      remote: () => call.remote,
      signal: call.signal,
      headersOnly: call.method === "HEAD",
      credentials: () => credentialsOf(call),
      query: () => parseQuery(query),
      body: () => readBody(call),
    });
    const end = (ready: Answer): Answer => dress(ready, call, found, cors);
    return answer instanceof Promise ? answer.then(end) : end(answer);
  };
}

/** What is at an address or under a method that the contract does not have. */
function elsewhere(
  call: HttpCall,
  path: string,
  found: Exclude<Match, { kind: "route" }>,
  cors: Cors,
): DeskCall["found"] {
  const isOptions = call.method === "OPTIONS";
  return {
    open: isOptions,
    answer() {
      const granted = isOptions ? preflightHeaders(call, cors) : null;
      if (granted !== null) return { status: 200, headers: granted, body: null };
      if (found.kind === "none") throw routeNotFound(call.method, path);
      if (isOptions) return { status: 200, headers: { allow: found.allow }, body: null };
      throw methodNotAllowed(call.method, path, found.allow);
    },
  };
}

/** Adds what only HTTP has: whom a page's browser lets read the answer, and no body where the method has none. */
function dress(answer: Answer, call: HttpCall, found: Match, cors: Cors): Answer {
  const { status, headers, body } = answer;
  if (status === 405 && found.kind === "method") headers["allow"] = found.allow;
  const origin = call.header("origin");
  if (origin !== undefined && headers["access-control-allow-origin"] === undefined) {
    Object.assign(headers, cors.headersFor(origin));
  }
  if (call.method !== "HEAD") return answer;
  if (typeof body === "string") headers["content-length"] = String(new TextEncoder().encode(body).byteLength);
  return { status, headers, body: null };
}
