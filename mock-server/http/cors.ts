import { LOOPBACK_ORIGINS, originOf } from "../origins.js";

/** Decides which pages may read the answers. */
export interface Cors {
  /** The headers that an answer to this origin carries; nothing for an origin that is not allowed. */
  headersFor(origin: string): Readonly<Record<string, string>> | null;
  /** What an answer says is allowed to an origin: itself or a star; nothing for one that is not allowed. */
  allowedAs(origin: string): string | null;
}

/**
 * The origins that may call when nothing is configured: pages on this machine alone.
 * `null` is not among them, since any page of the internet can make a frame whose origin it is.
 */
export const DEFAULT_CORS_ORIGINS: readonly string[] = [LOOPBACK_ORIGINS];

/** The answer's headers that a page may read. */
const EXPOSED = [
  "X-Request-Id",
  "X-Next-Cursor",
  "Idempotency-Replayed",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Retry-After",
  "Allow",
].join(", ");

const LOOPBACK =
  /^https?:\/\/(?:localhost|(?:[a-z0-9-]{1,63}\.){1,8}localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/;

/**
 * Rules of CORS for a list of origins: `https://example.com`, `"loopback"`, `"null"` (sandboxed frames and files,
 * and with them any page that makes such a frame) or `"*"`.
 *
 * @throws TypeError for an entry that is none of these.
 */
export function createCors(origins: readonly string[] = DEFAULT_CORS_ORIGINS): Cors {
  const exact = new Set(origins.map(checkedOrigin));
  const any = exact.has("*");
  const loopback = exact.has(LOOPBACK_ORIGINS);

  const allowedAs = (origin: string): string | null => {
    if (any) return "*";
    return exact.has(origin) || (loopback && LOOPBACK.test(origin)) ? origin : null;
  };

  return {
    headersFor(origin) {
      const allowed = allowedAs(origin);
      if (allowed === null) return null;
      return {
        "access-control-allow-origin": allowed,
        "access-control-expose-headers": EXPOSED,
        vary: "Origin",
      };
    },
    allowedAs,
  };
}

function checkedOrigin(entry: string): string {
  const origin = originOf(entry);
  if (origin !== null) return origin;
  throw new TypeError(
    `corsOrigins has the entry ${JSON.stringify(entry)}, which is not an origin. ` +
      'Write scheme, host and port, like "https://example.com", or "loopback", "null" or "*".',
  );
}
