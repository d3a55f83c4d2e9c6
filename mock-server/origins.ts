import { urlOf } from "../src/contract/url.js";

/** Pages on this machine: `http://localhost:5173`, `https://127.0.0.1`, `http://[::1]:3000`, `http://game.localhost`. */
export const LOOPBACK_ORIGINS = "loopback";

/** What an entry of `corsOrigins` names: an origin, `loopback`, `null` or `*`; null where it is none of these. */
export function originOf(entry: string): string | null {
  if (entry === "*" || entry === "null" || entry === LOOPBACK_ORIGINS) return entry;
  const origin = urlOf(entry)?.origin ?? "null";
  return origin === "null" || (entry !== origin && entry !== `${origin}/`) ? null : origin;
}
