import type { RateVerdict } from "../engine/index.js";
import type { OperationResult } from "../operations/index.js";
import type { Cors } from "./cors.js";
import type { HttpAnswer, HttpCall } from "./types.js";

/** An answer before the headers that every answer has. */
export interface Given {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: HttpAnswer["body"];
}

/** A success of a media type. */
export function given(mediaType: string, body: HttpAnswer["body"]): Given {
  return { status: 200, headers: { "content-type": mediaType }, body };
}

/** A success as JSON, with what its headers tell of it. */
export function jsonOf({ answer, replayed, nextCursor }: OperationResult): Given {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (typeof nextCursor === "string") headers["x-next-cursor"] = nextCursor;
  if (replayed) headers["idempotency-replayed"] = "true";
  return { status: 200, headers, body: JSON.stringify(answer) };
}

/** Adds the headers that every answer has, and takes the body off where the method has none. */
export function finish(
  { status, headers, body }: Given,
  call: HttpCall,
  requestId: string,
  rate: RateVerdict | null,
  cors: Cors,
): HttpAnswer {
  headers["x-request-id"] = requestId;
  headers["cache-control"] = "no-store";
  if (rate !== null) {
    headers["ratelimit-limit"] = String(rate.limit);
    headers["ratelimit-remaining"] = String(rate.remaining);
    headers["ratelimit-reset"] = String(rate.resetSeconds);
  }
  const origin = call.header("origin");
  if (origin !== undefined && headers["access-control-allow-origin"] === undefined) {
    Object.assign(headers, cors.headersFor(origin));
  }
  if (call.method !== "HEAD") return { status, headers, body };
  if (typeof body === "string") headers["content-length"] = String(new TextEncoder().encode(body).byteLength);
  return { status, headers, body: null };
}
