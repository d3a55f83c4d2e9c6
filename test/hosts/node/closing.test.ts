import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { MockServer } from "../../../mock-server/node.js";
import { RawClient } from "./raw-client.js";
import { KEY, post, startServer } from "./server.js";

const GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

const create = JSON.stringify({ agent_type: "aider" });

const half =
  `POST /agents/create HTTP/1.1\r\nHost: localhost\r\nX-API-Key: development-key\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${create.length}\r\n\r\n${create.slice(0, 5)}`;

/** Waits until the server has read what other callers sent before. */
async function seen(server: MockServer): Promise<void> {
  await using witness = await RawClient.open(server.port);
  witness.send(GET);
  await witness.until("healthy");
}

/** Longer than any test may take, so that what ends before it did not wait for it. */
const FOREVER = { graceMs: 60_000 };

describe("a server that closes", () => {
  it("takes no new connection", async () => {
    const server = await startServer();
    await server.close();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it("ends connections at once that wait between two calls", async () => {
    const server = await startServer();
    await using client = await RawClient.open(server.port);
    client.send(GET);
    await client.until("healthy");
    await server.close(FOREVER);
    expect(await client.end()).toContain("healthy");
  });

  it("ends connections at once that never said a word", async () => {
    const server = await startServer();
    await using client = await RawClient.open(server.port);
    await server.close(FOREVER);
    expect(await client.end()).toBe("");
  });

  it("lets a call finish that has begun, and tells that the connection ends with it", async () => {
    const server = await startServer();
    await using client = await RawClient.open(server.port);
    client.send(half);
    await seen(server);
    const closed = server.close(FOREVER);
    client.send(create.slice(5));
    const received = await client.end();
    expect(received).toContain("HTTP/1.1 200 OK");
    expect(received.toLowerCase()).toContain("connection: close");
    await closed;
  });

  it("does not wait longer than it may for one that never ends", async () => {
    const server = await startServer();
    await using client = await RawClient.open(server.port);
    client.send(half);
    await seen(server);
    const order: string[] = [];
    const ended = client.end().then((received) => order.push(`ended with '${received}'`));
    // The call is still open when the server has been asked to close, and gone when it has closed.
    const closed = server.close({ graceMs: 30 }).then(() => order.push("closed"));
    await fetch("data:,").then(() => order.push("asked"));
    await Promise.all([ended, closed]);
    expect(order[0]).toBe("asked");
    expect(order).toContain("ended with ''");
  });

  it("cuts a stream that outlives its patience, so that it is not taken for ended", async () => {
    const server = await startServer();
    await post(server, "/agents/create", { agent_type: "aider" });
    const { task_id } = await post(server, "/tasks/assign", { prompt: "Fix it" });
    const response = await fetch(`${server.url}/tasks/${task_id ?? ""}/output`, { headers: KEY });
    const reading = response.text().catch(() => "cut");
    await server.close({ graceMs: 30 });
    expect(await reading).toBe("cut");
  });

  it("ends WebSockets with 1012", async () => {
    const server = await startServer();
    const socket = new (await import("ws")).WebSocket(server.websocketUrl);
    await once(socket, "open");
    const closed = once(socket, "close");
    await server.close(FOREVER);
    expect((await closed)[0]).toBe(1012);
  });

  it("closes the backend when all calls are done", async () => {
    const server = await startServer();
    expect(server.backend.closed).toBe(false);
    await server.close();
    expect(server.backend.closed).toBe(true);
  });

  it("may be told twice and closes once", async () => {
    const server = await startServer();
    await Promise.all([server.close(), server.close()]);
    await server.close();
    expect(server.backend.closed).toBe(true);
  });

  it("closes with its scope", async () => {
    let url: string;
    {
      await using server = await startServer();
      ({ url } = server);
    }
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it("frees its port", async () => {
    const first = await startServer();
    await first.close();
    await using second = await startServer({ port: first.port });
    expect(second.port).toBe(first.port);
  });

  it("survives callers that cut their connections meanwhile", async () => {
    const server = await startServer();
    const sockets = Array.from({ length: 20 }, () => createConnection(server.port, "127.0.0.1"));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    for (const socket of sockets) socket.write(half);
    const closed = server.close(FOREVER);
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
    expect(server.backend.closed).toBe(true);
  });
});

describe("a program that used a server", () => {
  const run = async (name: string): Promise<{ code: unknown; output: string }> => {
    const script = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "pipe"] });
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code, output: output + errors };
  };

  it("ends by itself after it has closed it, with callers still connected", async () => {
    expect(await run("close-and-end")).toEqual({ code: 0, output: "closed\n" });
  });

  it("ends by itself when the port was in use", async () => {
    expect(await run("port-in-use")).toEqual({ code: 0, output: "EADDRINUSE\n" });
  });
});
