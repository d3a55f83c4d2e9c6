import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MockServer } from "../../../mock-server/node.js";
import { RawClient, bodyOf, exchange, statusOf } from "./raw-client.js";
import { startServer } from "./server.js";

let server: MockServer;
beforeAll(async () => {
  // Of what a host may be, and which are answered, is told elsewhere.
  server = await startServer({ allowedHosts: ["*"] });
});
afterAll(async () => {
  await server.close();
});

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, "Host: localhost", ...headers, "", ""].join("\r\n");

describe("what is not HTTP", () => {
  it.each([
    ["words", "hello there\r\n\r\n"],
    ["a TLS greeting", Buffer.from("16030100a5010000a10303", "hex")],
    ["a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ["a length that is no number", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"],
    ["a version that is not spoken", "GET / HTTP/9.9\r\nHost: a\r\n\r\n"],
  ])("%s is answered in the contract's form, and the connection ends", async (_what, text) => {
    const received = await exchange(server.port, text);
    expect(statusOf(received)).toBe(400);
    expect(bodyOf(received)).toMatchObject({ success: false, code: "invalid_request", detail: null });
  });

  it("in the chunks of a body is answered too", async () => {
    const received = await exchange(
      server.port,
      "POST /agents/create HTTP/1.1\r\nHost: localhost\r\nX-API-Key: development-key\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    );
    expect(statusOf(received)).toBe(400);
  });

  it("does not hurt the server", async () => {
    await exchange(server.port, "\0\0\0\0\r\n\r\n");
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it("is never shown again in the answer", async () => {
    expect(await exchange(server.port, "GET /<script> secret\r\n\r\n")).not.toMatch(/script|secret/);
  });
});

describe("a request that is too much", () => {
  it.each([
    ["an address that is too long", get(`/${"a".repeat(20_000)}`)],
    ["headers that are too large", get("/health", `X-Long: ${"a".repeat(20_000)}`)],
  ])("%s gives 431", async (_what, text) => {
    const received = await exchange(server.port, text);
    expect(statusOf(received)).toBe(431);
    expect(bodyOf(received)).toMatchObject({ success: false, code: "invalid_request" });
  });
});

describe("a caller that is too slow", () => {
  let hasty: MockServer;
  beforeAll(async () => {
    hasty = await startServer({ patience: { headersMs: 60, requestMs: 120 } });
  });
  afterAll(async () => {
    await hasty.close();
  });

  it("with its headers is answered 408 and cut", async () => {
    await using client = await RawClient.open(hasty.port);
    client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n");
    const received = await client.end();
    expect(statusOf(received)).toBe(408);
    expect(bodyOf(received)).toMatchObject({ success: false, code: "invalid_request" });
  });

  it("with its body is cut", async () => {
    await using client = await RawClient.open(hasty.port);
    client.send(
      "POST /agents/create HTTP/1.1\r\nHost: localhost\r\nX-API-Key: development-key\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    );
    expect(statusOf(await client.end())).toBe(408);
    expect(hasty.backend.engine.counts().total_agents).toBe(0);
  });

  it("after it has connected and says nothing is cut", async () => {
    await using client = await RawClient.open(hasty.port);
    expect(statusOf(await client.end())).toBe(408);
  });
});

describe("the Host header", () => {
  const websocketUrlFor = async (host: string): Promise<unknown> => {
    const received = await exchange(
      server.port,
      `POST /game/connect HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: development-key\r\nConnection: close\r\n\r\n`,
    );
    return bodyOf(received)["websocket_url"];
  };

  it.each(["localhost:8000", "my-machine.lan", "[::1]:9000", "192.168.0.7:80"])(
    "%s is where the event stream is",
    async (host) => {
      expect(await websocketUrlFor(host)).toBe(`ws://${host}/ws`);
    },
  );

  it.each(["", "a b", "evil.example/path", "user@evil.example", "a?b", "[::1", "a:999999", "x".repeat(300)])(
    "%j, which is no host, gives the server's own address",
    async (host) => {
      expect(await websocketUrlFor(host)).toBe(server.websocketUrl);
    },
  );

  it("must be there", async () => {
    const received = await exchange(server.port, "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(statusOf(received)).toBe(400);
    expect(bodyOf(received)).toMatchObject({ success: false, code: "invalid_request" });
  });

  it("may be left out by HTTP/1.0", async () => {
    expect(await exchange(server.port, "GET /health HTTP/1.0\r\n\r\n")).toContain("healthy");
  });
});

describe("the forms of a request", () => {
  it("with the whole address are understood", async () => {
    const received = await exchange(server.port, get("http://elsewhere/health", "Connection: close"));
    expect(received).toContain("healthy");
  });

  it("to a proxy are refused", async () => {
    const received = await exchange(
      server.port,
      "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    );
    expect(statusOf(received)).toBe(405);
    expect(bodyOf(received)).toMatchObject({ code: "method_not_allowed" });
  });

  it("with a method that nobody knows here are refused", async () => {
    const received = await exchange(
      server.port,
      "PROPFIND /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    expect(bodyOf(received)).toMatchObject({ code: "method_not_allowed" });
  });

  it("with an expectation that nobody knows are answered as any other", async () => {
    const received = await exchange(server.port, get("/health", "Expect: miracles", "Connection: close"));
    expect(received).toContain("healthy");
  });

  it("to upgrade elsewhere than the event stream are refused", async () => {
    const received = await exchange(
      server.port,
      get(
        "/agents",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ),
    );
    expect(statusOf(received)).toBe(404);
  });
});

describe("one connection", () => {
  it("serves one call after another", async () => {
    await using client = await RawClient.open(server.port);
    client.send(get("/health"));
    await client.until("healthy");
    client.send(get("/docs"));
    await client.until("</html>");
    client.send(get("/nowhere"));
    await client.until("route_not_found");
    expect(client.ended).toBe(false);
  });

  it("answers calls that were sent at once in their order", async () => {
    const received = await exchange(
      server.port,
      get("/openapi.json") + get("/nowhere") + get("/health", "Connection: close"),
    );
    const places = ["x-error-codes", "route_not_found", "healthy"].map((text) => received.lastIndexOf(text));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places[0]).toBeGreaterThan(0);
  });
});

describe("HEAD", () => {
  it("gives the headers of GET and no body", async () => {
    const wanted = await fetch(`${server.url}/health`);
    const found = await fetch(`${server.url}/health`, { method: "HEAD" });
    expect(found.status).toBe(200);
    expect(found.headers.get("content-length")).toBe(wanted.headers.get("content-length"));
    expect(await found.text()).toBe("");
  });
});
