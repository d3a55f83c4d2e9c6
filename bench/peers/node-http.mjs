import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const agent = JSON.parse(readFileSync(new URL("agent.json", import.meta.url), "utf8"));

createServer((request, response) => {
  const id = request.url?.slice("/agents/".length);
  const body = JSON.stringify({ success: true, agent: { ...agent, id } });
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(process.argv[2]), "127.0.0.1");
