import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { DEFAULT_HUB_LIMITS } from "../../../mock-server/stream/index.js";
import { createPort } from "./port-rig.js";

const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  "",
  "",
].join("\r\n");

/** A socket that is upgraded, and neither says hello nor answers a close. */
async function silent(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write(HANDSHAKE);
  await once(socket, "data");
  return socket;
}

it("lets everybody in who says hello, while one address opens more sockets than are held and says nothing", async () => {
  const { port, join, upgrade, backend } = await createPort();
  const most = DEFAULT_HUB_LIMITS.waitingMax;
  for (let opened = 0; opened < most * 1.3; opened += 50) {
    await Promise.all(Array.from({ length: 50 }, () => silent(port)));
  }
  expect(backend.hub.connections).toBeLessThanOrEqual(most);
  const honest = await Promise.all(Array.from({ length: 20 }, () => join()));
  expect(honest.every(({ messages }) => messages[0]?.includes('"welcome"') === true)).toBe(true);
  expect(backend.hub.clients).toBe(20);
  expect(upgrade.sockets).toBeLessThanOrEqual(most * 1.5);
});
