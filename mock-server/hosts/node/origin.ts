/** A host as it may stand in a URL: a name or an IPv4 address, or an IPv6 address in brackets, and a port. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Tells the origin that a request was sent to, from its Host header. The header comes from outside and ends in the answer to
 * a connect, so whatever is not a plain host gives the server's own address.
 */
export class Origins {
  readonly #own: string;
  #lastHost: string;
  #lastOrigin: string;

  /** @param own The server's own origin, like `http://127.0.0.1:8000`. */
  constructor(own: string) {
    this.#own = own;
    this.#lastHost = "";
    this.#lastOrigin = own;
  }

  /** The origin for a Host header. Callers mostly send the same one, so the last is kept. */
  of(host: string): string {
    if (host === this.#lastHost) return this.#lastOrigin;
    this.#lastOrigin = HOST.test(host) ? `http://${host.toLowerCase()}` : this.#own;
    this.#lastHost = host;
    return this.#lastOrigin;
  }
}

/** The origin at which a server that listens on `host` can be reached from this machine. */
export function originOf(host: string, port: number): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::" || host === "::0") return `http://[::1]:${port}`;
  return host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}
