import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ListenError, startMockServer } from "../../../mock-server/node.js";
import { post, startServer } from "./server.js";

describe("a server that starts", () => {
  it("listens on this machine alone, on a free port when it is told 0", async () => {
    await using server = await startServer();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(server.websocketUrl).toBe(`ws://127.0.0.1:${server.port}/ws`);
    expect(server.port).toBeGreaterThan(0);
  });

  it("answers as soon as it has started", async () => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/health`);
    expect(await response.json()).toMatchObject({ status: "healthy" });
  });

  it("tells what the process uses", async () => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/system/status`, {
      headers: { "x-api-key": "development-key" },
    });
    const { status } = await response.json();
    expect(status.resources.heap_bytes).toBeGreaterThan(1_000_000);
    expect(status.resources.cpu_seconds).toBeGreaterThan(0);
  });

  it("takes the keys that it is told and no other", async () => {
    await using server = await startServer({ apiKeys: ["mine"] });
    const statusWith = async (key: string) =>
      (await fetch(`${server.url}/agents`, { headers: { "x-api-key": key } })).status;
    expect([await statusWith("mine"), await statusWith("development-key")]).toEqual([200, 403]);
  });

  it("gives the address of an IPv6 host in brackets", async () => {
    await using server = await startServer({ host: "::1" });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it("gives an address that can be called when it listens on all", async () => {
    await using server = await startServer({ host: "0.0.0.0" });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

describe("a port that is in use", () => {
  it("gives an error that says which port and what to do", async () => {
    await using server = await startServer();
    const failure = await startServer({ port: server.port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({ code: "EADDRINUSE", port: server.port, address: "127.0.0.1" });
    expect(String(failure)).toContain(`Port ${server.port} of 127.0.0.1 is in use`);
    expect(String(failure)).toContain("port 0");
  });

  it("is taken once it is free again", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startServer({ port })).rejects.toBeInstanceOf(ListenError);
    other.close();
    await once(other, "close");
    await using server = await startServer({ port });
    expect(server.port).toBe(port);
  });

  it("does not hurt the server that has it", async () => {
    await using server = await startServer();
    await expect(startServer({ port: server.port })).rejects.toBeInstanceOf(ListenError);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

describe("an address that is not this machine's", () => {
  it.each(["192.0.2.1", "no-such-host.invalid"])("gives an error that names %s", async (host) => {
    const failure = await startServer({ host }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(String(failure)).toContain(host);
  });
});

describe("options that are wrong", () => {
  it.each([
    [{ port: 65_536 }, /port/],
    [{ port: -1 }, /port/],
    [{ port: 80.5 }, /port/],
    [{ host: " " }, /host/],
    [{ limits: { max_agents: 0 } }, /max_agents/],
    [{ patience: { headersMs: 2_000, requestMs: 1_000 } }, /headersTimeout/],
  ])("%j are refused before anything listens", async (options, message) => {
    await expect(startServer(options)).rejects.toThrow(message);
  });

  it("names an option that there is not", async () => {
    const options = JSON.parse('{"port":0,"prot":8000}');
    await expect(startMockServer(options)).rejects.toThrow(/prot/);
  });
});

describe("the address of the event stream that a connect tells", () => {
  it("is at the host that the caller used", async () => {
    await using server = await startServer();
    const { websocket_url } = await post(server, "/game/connect", {});
    expect(websocket_url).toBe(server.websocketUrl);
  });
});
