import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { consoleFront } from "../../../mock-server/console/server/console-front.js";
import { AllowedHosts } from "../../../mock-server/hosts/node/allowed-hosts.js";
import type { MockServer, MockServerOptions } from "../../../mock-server/node.js";
import { chromiumPath, startBrowser } from "../../godot/lib/page.js";
import { bodyOf, exchange, statusOf } from "./raw-client.js";
import { startServer } from "./server.js";

let server: MockServer | null = null;
afterEach(async () => {
  await server?.close({ graceMs: 0 });
  server = null;
});

async function start(options: MockServerOptions = {}): Promise<MockServer> {
  server = await startServer({
    front: (handler, backend) =>
      consoleFront(handler, backend, new Map([["index.html", "<title>C</title>"]])),
    ...options,
  });
  return server;
}

const TARGETS = ["/health", "/agents", "/docs", "/console/", "/console/api/report", "/nowhere"];

/** The status that a target gives under a host. */
async function statusFor(port: number, host: string, target = "/health", version = "1.1"): Promise<number> {
  const lines = [
    `GET ${target} HTTP/${version}`,
    ...(host === "" ? [] : [host]),
    "Connection: close",
    "",
    "",
  ];
  return statusOf(await exchange(port, lines.join("\r\n")));
}

const HANDSHAKE = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
const HANDSHAKE_KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";

describe("a server's own names", () => {
  it.each([
    "Host: 127.0.0.1",
    "Host: 127.0.0.1:9999",
    "Host: 192.168.0.7:80",
    "host: [::1]:8000",
    "Host: [::ffff:127.0.0.1]",
    "Host: localhost",
    "HOST: LOCALHOST.:8000",
    "Host: game.LocalHost:1",
  ])("are answered: %s", async (host) => {
    const { port } = await start();
    expect(await statusFor(port, host)).toBe(200);
  });

  it("may be left out by who speaks HTTP/1.0, which no browser does", async () => {
    const { port } = await start();
    expect(await statusFor(port, "", "/health", "1.0")).toBe(200);
  });
});

describe("a name that the server does not know", () => {
  it.each([
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "evillocalhost",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "localhost:80:80",
    "::1",
    "[evil]",
    "2130706433",
    "",
  ])("is refused on every path, the console's too: %j", async (host) => {
    const { port } = await start();
    for (const target of TARGETS) {
      expect([target, await statusFor(port, `Host: ${host}`, target)]).toEqual([target, 403]);
    }
  });

  it("is told what to do, in the contract's form, and not its name", async () => {
    const { port } = await start();
    const received = await exchange(port, "GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    expect(received).not.toContain("evil");
    expect(bodyOf(received)).toMatchObject({
      success: false,
      code: "forbidden",
      remediation: expect.stringContaining("--allowed-host"),
    });
  });

  it("is refused in a target of absolute form, whatever the header says", async () => {
    const { port } = await start();
    expect(await statusFor(port, "Host: localhost", "http://evil.example/health")).toBe(403);
    expect(await statusFor(port, "Host: evil.example", "http://localhost/health")).toBe(403);
    expect(await statusFor(port, "Host: localhost", "http://localhost:1/health")).toBe(200);
  });

  it("is refused beside one that it knows", async () => {
    const { port } = await start();
    expect(await statusFor(port, "Host: localhost\r\nHost: evil.example")).toBe(400);
    expect(await statusFor(port, "Host: localhost\r\nhost: localhost")).toBe(400);
  });

  it.each([
    ["Host: evil.example\r\nOrigin: http://evil.example", 403],
    ["Host: evil.example", 403],
    ["Host: localhost\r\nHost: evil.example", 400],
    ["Accept: */*", 400],
    ["Host: localhost", 101],
  ])("opens no event stream: %j", async (lines, status) => {
    const { port } = await start();
    const handshake = ["GET /ws HTTP/1.1", lines, ...HANDSHAKE, HANDSHAKE_KEY, "", ""].join("\r\n");
    // One that is taken would not end: an unmasked byte ends it.
    expect(statusOf(await exchange(port, handshake + (status === 101 ? "x\0" : "")))).toBe(status);
  });
});

describe("names that a server is told", () => {
  it("are answered, however they are written", async () => {
    const { port } = await start({ allowedHosts: ["Agents.example.com", "*.games.example"] });
    for (const host of [
      "agents.example.com",
      "AGENTS.example.com.:443",
      "a.games.example",
      "b.a.games.example",
    ]) {
      expect([host, await statusFor(port, `Host: ${host}`)]).toEqual([host, 200]);
    }
    for (const host of ["x.agents.example.com", "games.example", "evilgames.example"]) {
      expect([host, await statusFor(port, `Host: ${host}`)]).toEqual([host, 403]);
    }
  });

  it("are all where it is told a star", async () => {
    const { port } = await start({ allowedHosts: ["*"] });
    expect(await statusFor(port, "Host: evil.example")).toBe(200);
  });

  it("are the one that it listens on too", () => {
    const hosts = new AllowedHosts([], "My-Machine.lan");
    expect(hosts.allows("my-machine.lan:8000")).toBe(true);
    expect(new AllowedHosts().allows("my-machine.lan:8000")).toBe(false);
  });

  it.each(["http://a.example", "a.example:80", "", "a b", "*.", "a.*.example", "[::1]"])(
    "are refused when they are none: %j",
    async (name) => {
      await expect(startServer({ allowedHosts: [name] })).rejects.toThrow("allowedHosts has the entry");
    },
  );
});

describe.skipIf(chromiumPath === null && process.env["CI"] !== "true")(
  "a page whose name is made to lead to this machine",
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser("--host-resolver-rules=MAP evil.example 127.0.0.1");
    }, 60_000);
    afterAll(async () => {
      await browser.close();
    });

    /** A page of a name, whatever the server answers to that. */
    async function pageOf(host: string, port: number): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(`http://${host}:${port}/health`);
      return page;
    }

    /** What a page gets of the server that is behind its own name now. */
    function tryAll(page: Page): Promise<Record<string, number | string>> {
      return page.evaluate(async () => {
        const headers = { "X-API-Key": "development-key", "Content-Type": "application/json" };
        const got: Record<string, number | string> = {};
        const ask = async (method: string, path: string, body?: string): Promise<void> => {
          const answer = await fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
          got[`${method} ${path}`] = answer.status;
        };
        await ask("GET", "/agents");
        await ask("POST", "/agents/create", '{"agent_type":"aider"}');
        await ask("GET", "/console/api/snapshot");
        await ask("PUT", "/console/api/clock", '{"speed":0}');
        await ask("POST", "/console/api/restart", "{}");
        got["stream"] = await new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/ws`);
          socket.onopen = () => {
            resolve("open");
            socket.close();
          };
          socket.onerror = () => resolve("refused");
        });
        return got;
      });
    }

    it("gets nothing of the server, with the key that everybody knows", async () => {
      const { port, backend } = await start();
      const seed = backend.engine.log.epoch;
      const got = await tryAll(await pageOf("evil.example", port));
      expect(got).toEqual({
        "GET /agents": 403,
        "POST /agents/create": 403,
        "GET /console/api/snapshot": 403,
        "PUT /console/api/clock": 403,
        "POST /console/api/restart": 403,
        stream: "refused",
      });
      expect([backend.engine.counts().total_agents, backend.engine.log.epoch]).toEqual([0, seed]);
    });

    it("gets all of it under a name of this machine, so that the other test says something", async () => {
      const { port } = await start();
      const got = await tryAll(await pageOf("game.localhost", port));
      expect(new Set(Object.values(got))).toEqual(new Set([200, "open"]));
    });
  },
);
