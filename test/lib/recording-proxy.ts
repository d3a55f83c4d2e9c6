import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";

/** A forward proxy that works, and notes what it was asked for. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for: `GET http://127.0.0.1:8000/health`, `CONNECT 127.0.0.1:8000`. */
  readonly seen: readonly string[];
}

export async function recordingProxy(): Promise<RecordingProxy> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    seen.push(`${method ?? ""} ${url}`);
    if (!URL.canParse(url)) {
      outgoing.writeHead(400).end();
      return;
    }
    const onward = request(url, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, client) => {
    seen.push(`CONNECT ${incoming.url ?? ""}`);
    const { hostname, port } = new URL(`http://${incoming.url ?? ""}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Names a proxy in every variable that programs read for one, in both spellings. */
export function proxyVariables(url: string): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "WSS_PROXY"];
  const named = names.flatMap((name) => [
    [name, url],
    [name.toLowerCase(), url],
  ]);
  return { ...Object.fromEntries(named), NO_PROXY: "", no_proxy: "" };
}
