import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { networkOf } from "../../../mock-server/hosts/node/remote.js";
import type { MockServer, MockServerOptions } from "../../../mock-server/node.js";
import { AgentVM } from "../../../src/slim.js";
import { KEY, post, startServer } from "./server.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: MockServerOptions = {}): Promise<MockServer> {
  const server = await startServer(options);
  open.push(() => server.close({ graceMs: 0 }));
  return server;
}

/** A call from one of the addresses of this machine. */
async function callFrom(
  server: MockServer,
  localAddress: string,
  headers: Record<string, string>,
  path = "/agents",
): Promise<{ status: number; retryAfter: number; code: string | null }> {
  const asking = request({ port: server.port, host: "127.0.0.1", path, localAddress, headers, agent: false });
  asking.end();
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += String(chunk);
  const { statusCode = 0, headers: told } = answer;
  const code = statusCode === 200 ? null : String(Object(JSON.parse(text)).code);
  return { status: statusCode, retryAfter: Number(told["retry-after"] ?? 0), code };
}

/** What strangers show who guess. */
const GUESSES: readonly Record<string, string>[] = [
  {},
  { "x-api-key": "guess" },
  { authorization: "Bearer guess" },
  { authorization: "Basic Z3Vlc3M=" },
];

/** Has strangers of one address call together until they are slowed, and says what the last of them were told. */
async function crowd(server: MockServer, localAddress = "127.0.0.1", calls = 800): Promise<string[]> {
  const told: string[] = [];
  const one = async (stranger: number): Promise<void> => {
    for (let call = 0; call < calls / 20; call += 1) {
      const { code } = await callFrom(server, localAddress, GUESSES[(stranger + call) % 4] ?? {});
      told.push(String(code));
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, stranger) => one(stranger)));
  return told;
}

describe("strangers who call together", () => {
  it("are told that they may not, then slowed, and may again after the time that they are told", async () => {
    const server = await start();
    const told = await crowd(server);
    expect(told.filter((code) => code !== "rate_limited")).toHaveLength(600);
    expect(new Set(told)).toEqual(new Set(["unauthorized", "forbidden", "session_expired", "rate_limited"]));
    const slowed = await callFrom(server, "127.0.0.1", { "x-api-key": "guess" });
    expect(slowed).toEqual({ status: 429, retryAfter: 1, code: "rate_limited" });
    server.backend.clock.advance(1_000);
    expect(await callFrom(server, "127.0.0.1", { "x-api-key": "guess" })).toMatchObject({
      code: "forbidden",
    });
  });

  it("take nothing from who shows a key or a token, nor from strangers of another address", async () => {
    const server = await start();
    const { session_token = "" } = await post(server, "/game/connect", {});
    await crowd(server);
    expect((await fetch(`${server.url}/agents`, { headers: KEY })).status).toBe(200);
    const authorization = `Bearer ${session_token}`;
    expect((await fetch(`${server.url}/agents`, { headers: { authorization } })).status).toBe(200);
    expect(await callFrom(server, "127.0.0.2", { "x-api-key": "guess" })).toMatchObject({
      code: "forbidden",
    });
    expect(await callFrom(server, "127.0.0.1", {}, "/health")).toMatchObject({ status: 200 });
  });

  it("leave it to a game whose session has ended to hear so, and to connect again by itself", async () => {
    const server = await start({ limits: { session_ttl_seconds: 60 } });
    const agentvm = new AgentVM({
      endpoint: server.url,
      apiKey: "development-key",
      events: false,
      clock: server.backend.clock,
      retries: 0,
    });
    open.push(() => agentvm.close());
    const first = await agentvm.connect({ game_name: "Mine" });
    server.backend.engine.games.disconnect(first.session_id);
    await crowd(server);
    await agentvm.agents.create("aider");
    expect(server.backend.engine.counts().sessions).toBe(1);
  });

  it.each([
    ["was ended by its game", (server: MockServer, id: string) => server.backend.engine.games.disconnect(id)],
    ["ran out", (server: MockServer) => server.backend.clock.advance(3_600_000)],
    ["ended when the backend began anew", (server: MockServer) => server.backend.restart()],
  ])("do not keep who shows the token of a session that %s from hearing so", async (_how, end) => {
    const server = await start();
    const { session_token = "", session_id = "" } = await post(server, "/game/connect", {});
    end(server, session_id);
    await crowd(server);
    const authorization = `Bearer ${session_token}`;
    for (let call = 0; call < 5; call += 1) {
      expect(await callFrom(server, "127.0.0.1", { authorization })).toMatchObject({
        code: "session_expired",
      });
    }
  });

  it("are counted at the event stream as at the calls", async () => {
    const server = await start();
    const { session_token: ended = "", session_id = "" } = await post(server, "/game/connect", {});
    server.backend.engine.games.disconnect(session_id);
    await crowd(server);
    const hello = async (credentials: object): Promise<[number, string]> => {
      const socket = new WebSocket(server.websocketUrl);
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "hello", protocol: 1, ...credentials }));
      const [code, reason] = (await once(socket, "close")) as [number, Buffer];
      return [code, reason.toString()];
    };
    expect(await hello({ api_key: "guess" })).toEqual([
      1013,
      "server busy: too many requests; come again in 1 s",
    ]);
    expect(await hello({ session_token: "guess" })).toEqual([
      1013,
      "server busy: too many requests; come again in 1 s",
    ]);
    expect(await hello({ session_token: ended })).toEqual([4410, "session expired"]);
  });
});

describe("strangers behind a proxy", () => {
  const through = (told: string) => ({ "x-api-key": "guess", "x-forwarded-for": told });

  it("are one while the server was told of no proxy, whatever they say of themselves", async () => {
    const server = await start({ limits: { rate_limit_per_minute: 3 } });
    const codes: (string | null)[] = [];
    for (let call = 0; call < 5; call += 1) {
      codes.push((await callFrom(server, "127.0.0.1", through(`198.51.100.${call}`))).code);
    }
    expect(codes).toEqual(["forbidden", "forbidden", "forbidden", "rate_limited", "rate_limited"]);
  });

  it("are told apart by what the proxy saw, and not by what they made up before it", async () => {
    const server = await start({ trustedProxies: 1, limits: { rate_limit_per_minute: 3 } });
    const codes: (string | null)[] = [];
    for (let call = 0; call < 5; call += 1) {
      codes.push((await callFrom(server, "127.0.0.1", through(`198.51.100.${call}, 203.0.113.7`))).code);
    }
    expect(codes.slice(2)).toEqual(["forbidden", "rate_limited", "rate_limited"]);
    expect(await callFrom(server, "127.0.0.1", through("198.51.100.1, 203.0.113.8:4711"))).toMatchObject({
      code: "forbidden",
    });
    expect(await callFrom(server, "127.0.0.1", through("no address"))).toMatchObject({ code: "forbidden" });
  });

  it.each([-1, 1.5, 11, NaN])("are not counted with %s proxies", async (trustedProxies) => {
    await expect(startServer({ trustedProxies })).rejects.toThrow("trustedProxies must be a whole number");
  });
});

describe("an address that is counted", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
  ])("%s is one caller with all of %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
