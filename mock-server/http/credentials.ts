import { EngineError } from "../domain/index.js";
import type { Credentials } from "../calls/index.js";
import type { HttpCall } from "./types.js";

const BEARER = /^Bearer +([^\s,]+) *$/i;

/**
 * What a request shows of who makes it.
 *
 * @throws EngineError `unauthorized` for an `Authorization` header of another kind.
 */
export function credentialsOf(call: HttpCall): Credentials {
  const apiKey = call.header("x-api-key");
  if (apiKey !== undefined && apiKey !== "") return { apiKey };
  const authorization = call.header("authorization");
  if (authorization === undefined || authorization === "") return {};
  const sessionToken = BEARER.exec(authorization)?.[1];
  if (sessionToken === undefined) {
    throw new EngineError("unauthorized", "The Authorization header is not 'Bearer' and a session token.");
  }
  return { sessionToken };
}
