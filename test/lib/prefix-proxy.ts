import { createServer, request } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A reverse proxy as one runs before a server: it takes a path away from each request and passes the rest on, upgrades too. */
export interface PrefixProxy extends AsyncDisposable {
  /** Where a client finds the server. */
  readonly url: string;
  /** What was asked for, as it came: `GET /tools/agents/health`, `UPGRADE /tools/agents/ws`. */
  readonly seen: readonly string[];
}

/** What a proxy tells the server of the host that the client asked. */
export interface PrefixProxyOptions {
  /** Taken away from each path; anything else is 404. */
  readonly prefix: string;
  /** The `Host` that the server sees; the client's own when left out. */
  readonly host?: string | undefined;
}

/** Stands before the server at `target`, which is scheme, host and port. */
export async function prefixProxy(
  target: string,
  { prefix, host }: PrefixProxyOptions,
): Promise<PrefixProxy> {
  const { hostname, port } = new URL(target);
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const behind = (message: IncomingMessage): { path: string; headers: IncomingHttpHeaders } | null => {
    const path = message.url ?? "";
    if (!path.startsWith(`${prefix}/`)) return null;
    const headers = host === undefined ? message.headers : { ...message.headers, host };
    return { path: path.slice(prefix.length), headers };
  };
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const to = behind(incoming);
    if (to === null) {
      outgoing.writeHead(404).end("There is nothing here.");
      return;
    }
    const onward = request({ hostname, port, method: incoming.method, agent: false, ...to }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connection", keep);
  server.on("upgrade", (incoming: IncomingMessage, client: Socket, first: Buffer) => {
    seen.push(`UPGRADE ${incoming.url ?? ""}`);
    const to = behind(incoming);
    if (to === null) {
      client.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    const upstream = connect(Number(port), hostname);
    keep(upstream);
    const lines = Object.entries(to.headers).map(([name, value]) => `${name}: ${String(value)}`);
    upstream.write([`GET ${to.path} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
    upstream.write(first);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}${prefix}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
