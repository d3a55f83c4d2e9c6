import { utf8Length } from "../../domain/index.js";

/** Characters that RFC 9110 allows in the name of a subprotocol. */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Bytes of the reason in a close frame at the most. */
const REASON_MAX_BYTES = 123;

const HALF_PAIR = /[\ud800-\udfff]/;

/** The address of a socket, `http` read as `ws`. @throws DOMException `SyntaxError`; the address is not repeated, it may hold a secret. */
export function socketUrl(address: string | URL): URL {
  let url: URL;
  try {
    url = new URL(address, typeof location === "undefined" ? undefined : location.href);
  } catch {
    throw syntaxError("The address of a WebSocket is not a valid URL.");
  }
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw syntaxError(`The address of a WebSocket begins with ws: or wss:, not with ${url.protocol}`);
  }
  if (url.hash !== "" || url.href.endsWith("#")) {
    throw syntaxError("The address of a WebSocket has no fragment.");
  }
  return url;
}

/** The subprotocols that are asked for. @throws DOMException `SyntaxError` for one that is no token or is there twice. */
export function socketProtocols(protocols: string | readonly string[]): readonly string[] {
  const asked = typeof protocols === "string" ? [protocols] : [...protocols];
  const seen = new Set<string>();
  for (const protocol of asked) {
    const name = protocol.toLowerCase();
    if (!TOKEN.test(protocol) || seen.has(name)) {
      throw syntaxError("A subprotocol is a word of visible ASCII without separators, and is named once.");
    }
    seen.add(name);
  }
  return asked;
}

/** Refuses what may not stand in a close frame. @throws DOMException `InvalidAccessError` for the code, `SyntaxError` for the reason. */
export function checkClose(code: number | undefined, reason: string): void {
  if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
    throw new DOMException(
      `A WebSocket is closed with 1000 or 3000 to 4999, not with ${code}.`,
      "InvalidAccessError",
    );
  }
  if (utf8Length(reason) > REASON_MAX_BYTES) {
    throw syntaxError(`The reason for closing a WebSocket has at most ${REASON_MAX_BYTES} bytes.`);
  }
}

/** Any value as text that UTF-8 can carry: half of a pair becomes the mark for what cannot be read. */
export function wellFormed(value: unknown): string {
  const text = String(value);
  return HALF_PAIR.test(text)
    ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text))
    : text;
}

function syntaxError(message: string): DOMException {
  return new DOMException(message, "SyntaxError");
}
