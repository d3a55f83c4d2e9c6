import { BODY_MAX_BYTES } from "../../src/contract/limits.js";
import type { HttpBody, HttpCall } from "./types.js";
import { NO_BODY } from "./types.js";

/** Methods that need no check and no `Request`; `fetch` writes them in capitals whichever way they come. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);

/** A target that a URL parser would give back as it is. */
const PLAIN_TARGET = /^\/[A-Za-z0-9_\-/]*(?:\?[A-Za-z0-9_\-/=&%:,+*~.]*)?$/;

const ABSOLUTE = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)(\/.*)$/;

/** What a `fetch` asked for, ready to be answered; `null` where only a real `Request` can tell. */
export function plainCall(input: string | URL, init: RequestInit | undefined, base: string): HttpCall | null {
  const method = init?.method === undefined ? "GET" : init.method.toUpperCase();
  if (!METHODS.has(method)) return null;
  const content = init?.body ?? null;
  let body = NO_BODY;
  if (content !== null) {
    if (method === "GET" || method === "HEAD") return null;
    if (typeof content === "string") body = { kind: "text", text: content };
    else if (content instanceof ArrayBuffer) body = bytesOf(new Uint8Array(content));
    else if (ArrayBuffer.isView(content)) {
      body = bytesOf(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
    } else return null;
  }
  const address = addressOf(input, base);
  const headers = headersOf(init?.headers);
  return {
    method,
    target: address.target,
    origin: address.origin,
    header: (name) =>
      headers?.get(name) ??
      (name === "content-type" && body.kind === "text" ? "text/plain;charset=UTF-8" : undefined),
    body: () => body,
    signal: init?.signal ?? undefined,
  };
}

/** The same of a `Request`, whose body has to be read. */
export function requestCall(request: Request): HttpCall {
  const { origin, target } = addressOf(request.url, request.url);
  return {
    method: request.method,
    target,
    origin,
    header: (name) => request.headers.get(name) ?? undefined,
    body: () => (request.body === null ? NO_BODY : readBounded(request.body)),
    signal: request.signal,
  };
}

/** A `Request` of anything that `fetch` takes. Its address may be relative to `base`. */
export function requestOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
  base: string,
): Request {
  const resource = typeof input === "string" || input instanceof URL ? new URL(input, base) : input;
  // A stream as a body has to say that it is read before the answer comes.
  const streaming = { ...init, duplex: "half" };
  return new Request(resource, init === undefined ? undefined : streaming);
}

function addressOf(input: string | URL, base: string): { origin: string; target: string } {
  if (typeof input === "string") {
    if (PLAIN_TARGET.test(input) && !input.startsWith("//")) return { origin: base, target: input };
    const [, origin = "", target = ""] = ABSOLUTE.exec(input) ?? [];
    if (origin !== "" && PLAIN_TARGET.test(target)) return { origin, target };
  }
  const url = new URL(input, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`The backend answers http and https, not ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("The address of a request must hold no user name and no password.");
  }
  return { origin: url.origin, target: url.pathname + url.search };
}

/** Headers by lower-case name, of whatever form they came in. */
function headersOf(
  headers: HeadersInit | undefined,
): { get(name: string): string | null | undefined } | null {
  if (headers === undefined) return null;
  if (headers instanceof Headers) return headers;
  const byName = new Map<string, string>();
  if (!Array.isArray(headers)) {
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) byName.set(name.toLowerCase(), value.trim());
    }
    return byName;
  }
  for (const [name = "", value = ""] of headers) {
    const key = name.toLowerCase();
    const before = byName.get(key);
    byName.set(key, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return byName;
}

function bytesOf(bytes: Uint8Array): HttpBody {
  return bytes.byteLength > BODY_MAX_BYTES ? { kind: "too_large" } : { kind: "bytes", bytes };
}

async function readBounded(stream: ReadableStream<Uint8Array>): Promise<HttpBody> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > BODY_MAX_BYTES) {
      await reader.cancel();
      return { kind: "too_large" };
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return { kind: "bytes", bytes };
}
