import { redact, secretsIn } from "./redact.js";
import { TransportFailure } from "./transport.js";

/** Codes of Node, Deno and Bun for a connection that was never made, so that nothing was sent over it. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENETUNREACH|UND_ERR_CONNECT|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** How engines tell of a global that is not there. */
const NOT_DEFINED = /^(\w+) is not defined|^Can't find variable: (\w+)/;

/** The global that was missing, by what was thrown for it; null when it was something else. */
export function missingIn({ message }: TransportFailure): string | null {
  const found = NOT_DEFINED.exec(message);
  // axios has no adapter where it finds none of XMLHttpRequest, which it may not use, Node's http and fetch.
  return found?.[1] ?? found?.[2] ?? (message.includes("ERR_NOT_SUPPORT") ? "fetch" : null);
}

/**
 * What a `fetch`, or axios, threw, as a plain failure. The thrown thing itself is let go:
 * it may hold the request with its headers.
 */
export function toFailure(thrown: unknown, headers: Readonly<Record<string, string>>): TransportFailure {
  if (thrown instanceof TransportFailure) return thrown;
  let sent: "no" | "maybe" = "maybe";
  let reason = "";
  let at = thrown;
  for (let depth = 0; depth < 5 && typeof at === "object" && at !== null; depth += 1) {
    if ("message" in at && typeof at.message === "string" && at.message !== "") reason = at.message;
    if ("code" in at && typeof at.code === "string" && at.code !== "") {
      if (NEVER_CONNECTED.test(at.code)) sent = "no";
      if (!reason.includes(at.code)) reason = `${reason} (${at.code})`.trimStart();
    }
    at = "cause" in at ? at.cause : null;
  }
  return new TransportFailure(sent, redact(reason || "the connection failed", secretsIn(headers)));
}
