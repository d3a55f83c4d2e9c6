import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";

/** Scheme and host of a target in absolute form, as a proxy gets it. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/** A host and a port: an IPv6 address in brackets, or anything else without a colon. */
const AUTHORITY = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::\d{0,5})?$/;

/** A name as it can be listed: `agents.example.com`, or `*.example.com` for every name below it. */
const NAME =
  /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What is wrong with the host that a request names; null where nothing is. */
export type HostFault = "no_host" | "two_hosts" | "host_not_allowed";

/**
 * The hosts that a server answers to: addresses, `localhost` and names below it, and the names that are listed. A page of any other name that
 * somebody lets lead to this machine (DNS rebinding) would be a page of the server's own origin: its browser would let it read and do all that a
 * page of this machine may.
 */
export class AllowedHosts {
  readonly #all: boolean;
  readonly #names: ReadonlySet<string>;
  /** Ends of names, with the dot before them. */
  readonly #ends: readonly string[];
  #last = "localhost";

  /**
   * @param listed Names, `*.` and a name for those below it, or `*` for every name.
   * @param own The host that the server listens on, which is an address or one name more.
   * @throws TypeError for an entry that is none of these.
   */
  constructor(listed: readonly string[] = [], own = "127.0.0.1") {
    const names = [...listed.map(checkedName), plain(own)];
    this.#all = listed.includes("*");
    this.#names = new Set(names.filter((name) => !name.startsWith("*")));
    this.#ends = names.filter((name) => name.startsWith("*.")).map((name) => name.slice(1));
  }

  /** What is wrong with the host that a request names. In absolute form it is the target that names it. */
  whyNot(request: IncomingMessage): HostFault | null {
    const { url = "", headers, httpVersion, rawHeaders } = request;
    const { host } = headers;
    if (host === undefined) {
      // Version 1.0 has no such header; no browser speaks it.
      if (httpVersion === "1.1") return "no_host";
    } else if (hasTwo(rawHeaders)) return "two_hosts";
    else if (!this.allows(host)) return "host_not_allowed";
    const named = url.startsWith("/") ? undefined : ABSOLUTE.exec(url)?.[1];
    return named === undefined || this.allows(named) ? null : "host_not_allowed";
  }

  /** Whether a host may be named, with or without a port. Callers mostly name the same one, so the last that may is kept. */
  allows(authority: string): boolean {
    if (authority === this.#last) return true;
    const isAllowed = this.#all || this.#isAllowed(authority);
    if (isAllowed) this.#last = authority;
    return isAllowed;
  }

  #isAllowed(authority: string): boolean {
    const [, address, host = ""] = AUTHORITY.exec(authority) ?? [];
    if (address !== undefined) return isIPv6(address);
    const name = plain(host);
    if (isIPv4(name) || name === "localhost" || this.#names.has(name)) return true;
    return name.endsWith(".localhost") || this.#ends.some((end) => name.endsWith(end));
  }
}

/** What an entry of `allowedHosts` names; null where it is no host. */
export function hostOf(entry: string): string | null {
  if (entry === "*") return entry;
  const name = plain(entry);
  return NAME.test(name) ? name : null;
}

function checkedName(entry: string): string {
  const name = hostOf(entry);
  if (name !== null) return name;
  throw new TypeError(
    `allowedHosts has the entry ${JSON.stringify(entry)}, which is not a name. ` +
      'Write it without scheme and port, like "agents.example.com", "*.example.com" or "*".',
  );
}

/** A name as it is compared: letters have no case, and a dot at the end says only that nothing follows. */
function plain(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

function hasTwo(rawHeaders: readonly string[]): boolean {
  let found = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    if (found) return true;
    found = true;
  }
  return false;
}
