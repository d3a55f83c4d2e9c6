import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MockServer } from "../../../mock-server/node.js";
import { BODY_MAX_BYTES } from "../../../src/contract/index.js";
import { RawClient, bodyOf, exchange, statusOf } from "./raw-client.js";
import { JSON_KEY, KEY, startServer } from "./server.js";

let server: MockServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await server.close();
});

const head = (headers: readonly string[], path = "/agents/create"): string =>
  [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    "X-API-Key: development-key",
    "Content-Type: application/json",
    ...headers,
    "",
    "",
  ].join("\r\n");

const agents = (): number => server.backend.engine.counts().total_agents;

const create = JSON.stringify({ agent_type: "aider" });

describe("a body", () => {
  it("that comes in many pieces is put together", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head([`Content-Length: ${create.length}`]));
    for (const character of create) client.send(character);
    expect(statusOf(await client.until("agent_id"))).toBe(200);
  });

  it("that comes in chunks is put together", async () => {
    const chunks = Array.from(create, (character) => `1\r\n${character}\r\n`).join("");
    const received = await exchange(
      server.port,
      `${head(["Transfer-Encoding: chunked", "Connection: close"])}${chunks}0\r\n\r\n`,
    );
    expect(statusOf(received)).toBe(200);
    expect(agents()).toBe(1);
  });

  it("may be gzip", async () => {
    const response = await fetch(`${server.url}/agents/create`, {
      method: "POST",
      headers: { ...JSON_KEY, "content-encoding": "gzip" },
      body: gzipSync(create),
    });
    expect(response.status).toBe(200);
  });

  it("may be as large as the contract allows", async () => {
    const body = JSON.stringify({ prompt: "Fix the jump" }).padEnd(BODY_MAX_BYTES);
    expect(Buffer.byteLength(body)).toBe(BODY_MAX_BYTES);
    const response = await fetch(`${server.url}/tasks/assign`, { method: "POST", headers: JSON_KEY, body });
    expect(response.status).toBe(200);
  });

  it("that is no JSON gives 400", async () => {
    const response = await fetch(`${server.url}/agents/create`, {
      method: "POST",
      headers: JSON_KEY,
      body: '{"agent_type"',
    });
    expect([response.status, (await response.json()).code]).toEqual([400, "malformed_json"]);
  });
});

describe("a body that is cut off midway", () => {
  it("changes nothing, though what came may be JSON already", async () => {
    const client = await RawClient.open(server.port);
    client.send(`${head([`Content-Length: ${create.length + 10}`])}${create}`);
    client.destroy();
    await using next = await RawClient.open(server.port);
    next.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await next.until("healthy");
    expect(agents()).toBe(0);
  });

  it("of chunks changes nothing either", async () => {
    const client = await RawClient.open(server.port);
    client.send(`${head(["Transfer-Encoding: chunked"])}${create.length.toString(16)}\r\n${create}\r\n`);
    client.destroy();
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(agents()).toBe(0);
  });

  it("is not told as a fault of the server", async () => {
    const errors: unknown[] = [];
    await using watched = await startServer({ onError: (error) => errors.push(error) });
    const client = await RawClient.open(watched.port);
    client.send(`${head(["Content-Length: 100"])}{`);
    client.destroy();
    await fetch(`${watched.url}/health`);
    expect(errors).toEqual([]);
  });
});

describe("a body that is too large", () => {
  it("by its own word is refused before it is sent", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head([`Content-Length: ${BODY_MAX_BYTES + 1}`]));
    const received = await client.until("payload_too_large");
    expect(statusOf(received)).toBe(413);
    expect(received.toLowerCase()).toContain("connection: close");
  });

  it("in chunks is refused as soon as it is", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head(["Transfer-Encoding: chunked"]));
    client.send(`${(BODY_MAX_BYTES + 1).toString(16)}\r\n${"x".repeat(BODY_MAX_BYTES + 1)}`);
    expect(statusOf(await client.until("payload_too_large"))).toBe(413);
  });

  it("gives its answer to a caller that goes on sending, whole", async () => {
    const body = "x".repeat(4 * BODY_MAX_BYTES);
    const response = await fetch(`${server.url}/agents/create`, { method: "POST", headers: JSON_KEY, body });
    expect([response.status, (await response.json()).code]).toEqual([413, "payload_too_large"]);
  });

  it("ends the connection once the caller has sent all of it", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head([`Content-Length: ${BODY_MAX_BYTES + 1}`]));
    client.send("x".repeat(BODY_MAX_BYTES + 1));
    expect(bodyOf(await client.end())).toMatchObject({ success: false, code: "payload_too_large" });
  });

  it("without end is cut", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head(["Transfer-Encoding: chunked"]));
    const chunk = `100000\r\n${"x".repeat(1_048_576)}\r\n`;
    for (let sent = 0; sent < 64 && !client.ended; sent += 1) {
      client.send(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.end()).toContain("payload_too_large");
  });

  it("after decompression is refused too", async () => {
    const response = await fetch(`${server.url}/agents/create`, {
      method: "POST",
      headers: { ...JSON_KEY, "content-encoding": "gzip" },
      body: gzipSync("x".repeat(BODY_MAX_BYTES + 1)),
    });
    expect(response.status).toBe(413);
  });
});

describe("a caller that asks before it sends its body", () => {
  const asks = (length: number, extra: readonly string[] = []): string =>
    head(["Expect: 100-continue", `Content-Length: ${length}`, ...extra]);

  it("is told to go on", async () => {
    await using client = await RawClient.open(server.port);
    client.send(asks(create.length));
    expect(await client.until("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.send(create);
    expect(await client.until("agent_id")).toContain("HTTP/1.1 200 OK");
  });

  it("is refused without sending it when it is too large", async () => {
    await using client = await RawClient.open(server.port);
    client.send(asks(BODY_MAX_BYTES + 1));
    const received = await client.end();
    expect(statusOf(received)).toBe(413);
    expect(received).not.toContain("100 Continue");
  });

  it("is refused without sending it when its key is wrong", async () => {
    await using client = await RawClient.open(server.port);
    client.send(asks(create.length).replace("development-key", "wrong"));
    const received = await client.end();
    expect(statusOf(received)).toBe(403);
    expect(received).not.toContain("100 Continue");
  });
});

describe("a body that nobody reads", () => {
  it("leaves the connection fit for the next call when it is small", async () => {
    await using client = await RawClient.open(server.port);
    client.send(`${head([`Content-Length: ${create.length}`]).replace("development-key", "wrong")}${create}`);
    await client.until("forbidden");
    client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await client.until("healthy")).toContain("HTTP/1.1 200 OK");
  });

  it("ends the connection when it is large", async () => {
    await using client = await RawClient.open(server.port);
    client.send(head([`Content-Length: ${BODY_MAX_BYTES * 2}`]).replace("development-key", "wrong"));
    const received = await client.until("forbidden");
    expect(received.toLowerCase()).toContain("connection: close");
  });

  it("of a GET is not taken for a next request", async () => {
    const response = await fetch(`${server.url}/health`, { headers: KEY });
    expect(response.status).toBe(200);
    await using client = await RawClient.open(server.port);
    client.send(
      `GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhelloGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    const received = await client.end();
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});
