import type { HttpBody, HttpCall } from "../../mock-server/http/types.js";

/** A call made by hand, with headers by lower-case name. */
export function fakeCall(
  parts: { method?: string; target?: string; headers?: Record<string, string>; body?: HttpBody } = {},
): HttpCall {
  const { method = "POST", target = "/", headers = {}, body = { kind: "none" } } = parts;
  return {
    method,
    target,
    origin: "http://agentvm.localhost",
    header: (name) => headers[name],
    body: () => body,
  };
}

export const json = { "content-type": "application/json" };

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The same bytes as gzip has them. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
