import type { KeyRole } from "../../src/contract/roles.js";
import { ownerOfGame } from "../domain/index.js";

/** Who makes a call. `id` is stable and not secret: it names the caller in rate limits. */
export type Caller =
  | { readonly kind: "anonymous"; readonly id: "anonymous" }
  | { readonly kind: "key"; readonly id: string; readonly role: KeyRole }
  | { readonly kind: "session"; readonly id: string; readonly session_id: string; readonly game_id: string };

/** Somebody who showed nothing. */
export const ANONYMOUS: Caller = { kind: "anonymous", id: "anonymous" };

/** What a caller shows of itself. */
export interface Credentials {
  readonly apiKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

/**
 * Whose idempotency keys a caller shares. A game that lost its session and connected again still owns the keys
 * that it used before, so that a call retried across the two sessions is done once.
 */
export function ownerOf(caller: Caller): string {
  return caller.kind === "session" ? ownerOfGame(caller.game_id) : caller.id;
}
