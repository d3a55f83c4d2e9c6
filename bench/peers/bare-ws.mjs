// The least that tells events to everybody over `ws`: it numbers them, keeps the last 10,000 and sends them again when asked.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const KEPT = 10_000;
const kept = [];
let seq = 0;

const server = createServer((_request, response) => response.end("{}"));
const wss = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false });

wss.on("connection", (socket) => {
  socket.on("error", () => undefined);
  socket.on("message", (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type === "hello") {
      socket.send(JSON.stringify({ type: "welcome", epoch: "epoch_1", seq }));
      const from = frame.resume?.seq ?? seq;
      for (const event of kept) if (event.seq > from) socket.send(event.text);
      return;
    }
    for (const { agent_id, position } of frame.updates) publish(agent_id, position);
  });
});

function publish(agent_id, position) {
  const prev = seq;
  seq += 1;
  const data = { agent_id, position, scene_id: null, sequence: null };
  const timestamp = new Date().toISOString();
  const event = { type: "agent.moved", epoch: "epoch_1", seq, prev, timestamp, game_id: null, data };
  const text = JSON.stringify(event);
  kept.push({ seq, text });
  if (kept.length > 2 * KEPT) kept.splice(0, KEPT);
  for (const client of wss.clients) if (client.readyState === 1) client.send(text);
}

server.listen(Number(process.argv[2]), "127.0.0.1");
