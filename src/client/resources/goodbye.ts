import { sessionRoutes } from "../../contract/routes/session.js";
import { GOODBYE_MS } from "../../lifetime.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";

/** Ends the session of a caller, if the server listens. Never rejects: the session ends by itself a while after its last call. */
export async function goodbye(caller: Caller, options?: CallOptions): Promise<void> {
  try {
    await caller.json(sessionRoutes.gameDisconnect, {}, { ...options, timeoutMs: GOODBYE_MS });
  } catch {
    // Nobody can do more about it.
  }
}
