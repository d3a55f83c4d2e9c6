import { Lifetime } from "../../lifetime.js";
import { Caller } from "./caller.js";
import type { CallerParts } from "./caller.js";
import { Credentials } from "./credentials.js";

/** Makes what calls for a game's session beside the client itself. */
export interface SessionCallers {
  /** Calls as the session of a token, once each and whatever becomes of the client, until `lifetime` ends. */
  as(token: string, lifetime: Lifetime): Caller;
  /**
   * Calls as the client, or as the session of a token, for as long as `wanted` lasts; a request that was sent by then is ended by
   * `requests` alone.
   */
  opening(wanted: Lifetime, requests: Lifetime, token?: string): Caller;
  /** Calls as the client, once each, when all other calls are refused already. */
  readonly farewell: Caller;
}

/** Makes the callers of a client's session. */
export function sessionCallers(parts: CallerParts): SessionCallers {
  // What ends something is sent at the end, and often at the page's.
  const last = { ...parts, retries: 0, outlivesPage: true };
  return {
    as: (sessionToken, lifetime) =>
      new Caller({ ...last, credentials: new Credentials({ sessionToken }), lifetime }),
    opening: (lifetime, requests, sessionToken) =>
      new Caller({
        ...parts,
        ...(sessionToken !== undefined && { credentials: new Credentials({ sessionToken }) }),
        lifetime,
        requests,
      }),
    farewell: new Caller({ ...last, lifetime: new Lifetime() }),
  };
}
