import { createServer, request, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocket as Client, type ClientOptions } from "ws";
import { createBackend, type Backend } from "../../../mock-server/backend.js";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import {
  attachUpgrade,
  type UpgradeHandle,
  type UpgradeOptions,
} from "../../../mock-server/hosts/node/upgrade.js";

export const HELLO = JSON.stringify({ type: "hello", protocol: 1, api_key: "development-key" });

/** A backend's event stream on a port of this machine. */
export interface Port {
  readonly backend: Backend;
  readonly server: Server;
  readonly upgrade: UpgradeHandle;
  readonly port: number;
  /** A client's socket, connecting. */
  connect(options?: ClientOptions, path?: string): Client;
  /** One that is open and was welcomed. */
  join(options?: ClientOptions, hello?: string): Promise<{ client: Client; messages: string[] }>;
}

export async function createPort(
  options: BackendOptions = {},
  upgradeOptions: UpgradeOptions = {},
): Promise<Port> {
  const backend = createBackend({ seed: 1, ...options });
  const server = createServer((_request, response) => response.writeHead(404).end("plain"));
  const upgrade = attachUpgrade(server, backend.hub, upgradeOptions);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await upgrade.close(100);
    backend.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const connect = (clientOptions: ClientOptions = {}, path = "/ws"): Client => {
    const client = new Client(`ws://127.0.0.1:${port}${path}`, clientOptions);
    client.on("error", () => undefined);
    return client;
  };
  return {
    backend,
    server,
    upgrade,
    port,
    connect,
    join: async (clientOptions, hello = HELLO) => {
      const client = connect(clientOptions);
      const messages: string[] = [];
      client.on("message", (data: Buffer) => messages.push(data.toString()));
      await opened(client);
      client.send(hello);
      await until(client, "message", () => messages.length > 0);
      return { client, messages };
    },
  };
}

export function opened(client: Client): Promise<void> {
  return until(client, "open", () => client.readyState === Client.OPEN);
}

/** Waits, from one event of the client to the next, until something holds. */
export async function until(client: Client, event: string, holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => client.once(event, resolve));
}

export function closed(client: Client): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    client.on("close", (code, reason) => {
      resolve({ code, reason: String(reason) });
    });
  });
}

/** Asks for an upgrade by hand and gives the HTTP answer. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      response.on("end", () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers, body: "" });
    });
    asked.on("error", reject);
    asked.end();
  });
}
