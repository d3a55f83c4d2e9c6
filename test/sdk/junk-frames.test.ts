import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { describe, expect, it } from "vitest";
import { AgentVM } from "../../src/index.js";
import type { ConnectionState } from "../../src/index.js";
import { manualClock } from "./time.js";

const welcome = {
  type: "welcome",
  protocol: 1,
  connection_id: "connection_1",
  epoch: "epoch_1",
  seq: 5,
  recovered: true,
  heartbeat_ms: 15_000,
  server_time: "2026-01-01T00:00:00.000Z",
};
const misfit = (seq: number) => ({
  type: "agent.removed",
  epoch: "epoch_1",
  seq,
  prev: seq - 1,
  timestamp: "2026-01-01T00:00:00.000Z",
  game_id: null,
  data: { agent_id: 7 },
});

/** A server whose stream says so much after the hello, and counts its connections. */
async function talker(...frames: readonly (string | Buffer)[]) {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  let connections = 0;
  sockets.on("connection", (socket) => {
    connections += 1;
    socket.once("message", () => {
      for (const frame of frames) socket.send(frame);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Listens on a clock that stands still, until the connection is let go of. */
async function listened(endpoint: string) {
  const agentvm = new AgentVM({ endpoint, apiKey: "key", clock: manualClock() });
  const errors: string[] = [];
  agentvm.on("error", ({ message, remediation }) => errors.push(`${message} ${remediation}`));
  const away = new Promise<ConnectionState>((resolve) => {
    agentvm.on("connection", ({ current }) => current.status === "waiting" && resolve(current));
  });
  const opening = agentvm.openEvents().catch(() => undefined);
  const state = await away;
  await agentvm.close();
  await opening;
  return { errors, state };
}

const hello = JSON.stringify(welcome);

describe("an AgentVM whose event stream sends what cannot be used", () => {
  it.each([
    ["text that is no JSON", [hello, ...Array<string>(20_000).fill("junk")]],
    ["bytes", [hello, ...Array<Buffer>(20_000).fill(Buffer.from([0, 255]))]],
    ["JSON of another kind", [hello, ...Array<string>(20_000).fill('{"kind":"news"}')]],
    [
      "events that do not fit",
      [hello, ...Array.from({ length: 20_000 }, (_, n) => JSON.stringify(misfit(n + 6)))],
    ],
    ["welcome after welcome", Array<string>(20_000).fill(hello)],
    ["anything but a welcome", Array<string>(20_000).fill('{"kind":"news"}')],
  ])("as %s, tells it a few times, closes, and comes back after a while", async (_what, frames) => {
    await using server = await talker(...frames);
    const { errors, state } = await listened(server.url);
    expect(state).toMatchObject({ status: "waiting", closeCode: 1002 });
    expect(errors).toHaveLength(6);
    expect(errors[5]).toMatch(/100 times within 10000 ms, so the connection was closed/);
    expect(server.connections()).toBe(1);
  });

  it("now and then, goes on", async () => {
    await using server = await talker(hello, ...Array<string>(99).fill("junk"), '{"type":"ping","t":1}');
    const agentvm = new AgentVM({ endpoint: server.url, apiKey: "key", clock: manualClock() });
    const errors: unknown[] = [];
    const five = new Promise<void>((resolve) => {
      agentvm.on("error", (error) => errors.push(error) === 5 && resolve());
    });
    await agentvm.openEvents();
    await five;
    expect([agentvm.state.status, errors.length]).toEqual(["live", 5]);
    await agentvm.close();
  });
});
