import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A server that does to its connections whatever it is told, beneath HTTP. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  /** How many requests have come. */
  readonly requests: () => number;
  /** Resolves when the next request has come whole. */
  readonly received: () => Promise<void>;
}

/** What happens once a request's head has come: `send` and the socket itself are there to answer with. */
export type Fault = (socket: Socket, request: string) => void;

/** An HTTP answer as bytes, with a length unless told otherwise. */
export function answer(
  body: string,
  head: { status?: string; headers?: string; length?: number } = {},
): string {
  const length = head.length ?? Buffer.byteLength(body);
  return (
    `HTTP/1.1 ${head.status ?? "200 OK"}\r\n${head.headers ?? "content-type: application/json\r\n"}` +
    `content-length: ${length}\r\nconnection: close\r\n\r\n${body}`
  );
}

export async function faultServer(fault: Fault): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let head = "";
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (end < 0 || head.length < end + 4 + length) return;
      const request = head;
      head = "";
      requests += 1;
      for (const wake of waiting.splice(0)) wake();
      fault(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    received: () => new Promise((resolve) => waiting.push(resolve)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address on this machine where nobody listens. */
export async function nobodyListens(): Promise<string> {
  const server = await faultServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.url;
}
