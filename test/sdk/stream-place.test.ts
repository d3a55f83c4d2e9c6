import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { startMockServer } from "../../mock-server/node.js";
import { AgentVM, ConfigError } from "../../src/index.js";
import type { AgentVMOptions } from "../../src/index.js";
import { streamUrl } from "../../src/client/stream/stream-url.js";
import { prefixProxy } from "../lib/prefix-proxy.js";
import { transports } from "./transports.js";

/** A server that only notes which upgrades it is asked for, and refuses them. */
async function upgradesAt(): Promise<
  { readonly host: string; readonly asked: Promise<string> } & AsyncDisposable
> {
  const server = createServer();
  const asked = new Promise<string>((resolve) => {
    server.on("upgrade", (request: IncomingMessage, socket) => {
      socket.destroy();
      resolve(request.url ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.each(transports)("an AgentVM %s, behind a proxy that strips a path", (_name, make) => {
  it.each([
    ["keeps the host", undefined],
    ["gives the server another host", "agents.internal:8000"],
  ])("and %s, hears its events through the proxy", async (_what, host) => {
    await using server = await startMockServer({ port: 0, seed: 7, allowedHosts: ["agents.internal"] });
    await using proxy = await prefixProxy(server.url, { prefix: "/tools/agents", host });
    await using agentvm = make({ endpoint: `${proxy.url}/`, apiKey: "development-key", events: true });
    const created = new Promise((resolve) => agentvm.once("agent.created", resolve));
    await agentvm.connect();
    expect(agentvm.state.status).toBe("live");
    await agentvm.agents.create("aider");
    await created;
    expect(proxy.seen.filter((line) => line.startsWith("UPGRADE"))).toEqual(["UPGRADE /tools/agents/ws"]);
  });
});

describe("the address of the event stream", () => {
  const rows: [what: string, endpoint: string, told: string | null, url: string][] = [
    ["beside the endpoint", "http://host:8000", null, "ws://host:8000/ws"],
    ["encrypted as the endpoint is", "https://host/vm", null, "wss://host/vm/ws"],
    ["where the server says, on its own host", "http://host", "ws://host/events/v2", "ws://host/events/v2"],
    ["where it says below the endpoint", "http://host/vm", "ws://host/vm/e?v=2", "ws://host/vm/e?v=2"],
    ["in the proxy's path, whatever the server says", "http://host/vm", "ws://host/ws", "ws://host/vm/ws"],
    ["beside it for a path that begins alike", "http://host/vm", "ws://host/vm2/ws", "ws://host/vm/ws"],
    ["on no other host", "http://host", "ws://evil.example/ws2", "ws://host/ws"],
    ["on no other port", "http://host:8000", "ws://host:9000/ws2", "ws://host:8000/ws"],
    ["on no name that begins alike", "http://host", "ws://host.evil.example/ws2", "ws://host/ws"],
    ["on no name behind a password", "http://host", "ws://host@evil.example/ws2", "ws://host/ws"],
    ["no less safe than the endpoint", "https://host", "ws://host/ws2", "wss://host/ws2"],
    ["in no path that leaves the proxy's", "http://host/vm", "ws://host/vm/../ws", "ws://host/vm/ws"],
    ["without what the server adds of its own", "http://host", "ws://a:b@host/ws2#c", "ws://host/ws2"],
    ["beside it where the server says nonsense", "http://host", "nonsense", "ws://host/ws"],
  ];
  it.each(rows)("is %s", (_what, endpoint, told, url) => {
    expect(streamUrl(endpoint, told)).toBe(url);
  });

  it("is the one that the user gives, wherever the calls go", async () => {
    await using server = await startMockServer({ port: 0, seed: 7, allowedHosts: ["agents.internal"] });
    await using elsewhere = await upgradesAt();
    await using agentvm = new AgentVM({
      endpoint: server.url,
      websocketUrl: `ws://${elsewhere.host}/live/`,
      apiKey: "development-key",
    });
    await agentvm.connect();
    await expect(elsewhere.asked).resolves.toBe("/live");
  });

  const refused: [what: string, options: AgentVMOptions, said: RegExp][] = [
    ["no URL", { websocketUrl: "events" }, /websocketUrl must be a URL/],
    ["empty", { websocketUrl: "" }, /websocketUrl must be a URL/],
    ["of HTTP", { websocketUrl: "http://localhost:8000" }, /websocketUrl begins with http:/],
    ["with a password", { websocketUrl: "ws://me:hunter2@localhost" }, /websocketUrl holds a name/],
    ["with a query", { websocketUrl: "ws://localhost/ws?key=hunter2" }, /websocketUrl holds a name/],
    [
      "unencrypted in production",
      {
        environment: "production",
        endpoint: "https://agents.example.com",
        websocketUrl: "ws://a.example.com",
      },
      /in production ws:\/\/a\.example\.com is refused/,
    ],
  ];
  it.each(refused)("is refused when it is %s", (_what, options, said) => {
    expect(() => new AgentVM(options)).toThrow(ConfigError);
    expect(() => new AgentVM(options)).toThrow(said);
    expect(() => new AgentVM(options)).not.toThrow(/hunter2/);
  });

  it("may be unencrypted on this machine in production", () => {
    const options = { environment: "production", websocketUrl: "ws://127.0.0.1:8000/ws" } as const;
    expect(() => new AgentVM(options)).not.toThrow();
  });
});
