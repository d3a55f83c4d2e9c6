import { once } from "node:events";
import { Agent, request } from "node:http";
import { createConnection } from "node:net";
import { WebSocket as WebSocketOfWs } from "ws";
import { startMockServer } from "../../../../mock-server/node.js";

// Uses a server in every way, closes it, and has nothing that would keep the process alive.

const server = await startMockServer({ port: 0, limits: { auto_spawn: true } });
const headers = { "x-api-key": "development-key", "content-type": "application/json" };
const agent = new Agent({ keepAlive: true });

async function call(method: string, path: string, body?: unknown): Promise<string> {
  const sent = request(server.url + path, { method, headers, agent });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

await call("POST", "/agents/create", { agent_type: "aider" });
await call("POST", "/tasks/assign", { prompt: "Fix it" });
await call("POST", "/game/connect", {});
const silent = createConnection(server.port, "127.0.0.1");
await once(silent, "connect");
const websocket = new WebSocketOfWs(server.websocketUrl);
await once(websocket, "open");

await server.close();
process.stdout.write("closed\n");
