import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** What is told of a caller whose address is not known any more, or that came by no address at all. */
const UNKNOWN = "unknown";

/**
 * The address that a request is counted under. `proxies` says how many reverse proxies stand before the server, each of which writes the address that
 * it sees behind what X-Forwarded-For holds; with none the header is whatever the caller made up, and is not read.
 */
export function remoteOf(request: IncomingMessage, proxies: number): string {
  const { remoteAddress } = request.socket;
  if (proxies > 0) {
    const header = request.headers["x-forwarded-for"];
    const told = (typeof header === "string" ? header : "").split(",").map(withoutPort);
    const seen = told[Math.max(0, told.length - proxies)] ?? "";
    if (isIP(seen) !== 0) return networkOf(seen);
  }
  return remoteAddress === undefined ? UNKNOWN : networkOf(remoteAddress);
}

/** An address as one caller has it: of IPv6 the network of 64 bits, since whoever has one address of it has all. */
export function networkOf(address: string): string {
  const [plain = ""] = address.split("%");
  if (isIP(plain) !== 6) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = plain.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  // An IPv4 address at the end stands for two groups.
  const count = first.length + last.length + (plain.includes(".") ? 1 : 0);
  const groups = [...first, ...new Array<string>(Math.max(0, 8 - count)).fill("0"), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** An address of X-Forwarded-For, which some proxies write with its port. */
function withoutPort(text: string): string {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1];
  return bracketed ?? trimmed.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
}
