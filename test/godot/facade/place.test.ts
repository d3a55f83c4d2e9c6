import { describe, expect, it } from "vitest";
import { startMockServer } from "../../../mock-server/node.js";
import { createGodotFacade, pageFrames, systemClock } from "../../../src/godot/index.js";
import type { GodotFacade } from "../../../src/godot/index.js";
import { prefixProxy } from "../../lib/prefix-proxy.js";

function facadeOnTheNet(): GodotFacade {
  const clock = systemClock();
  const place = (endpoint: string, apiKey: string) => ({
    target: { endpoint, apiKey },
    release: () => undefined,
  });
  return createGodotFacade({ place, clock, frames: pageFrames(clock) });
}

const start = {
  api_key: "development-key",
  environment: "development",
  timeout_ms: 20_000,
  update_frequency: 60,
  game: {},
};

/** Connects a manager, and gives the page's answer to that. */
function connected(facade: GodotFacade, fields: object): Promise<string> {
  return new Promise((resolve) => {
    expect(facade.start(JSON.stringify({ ...start, ...fields }), resolve)).toBe('{"client":1}');
  });
}

describe("a Godot game in a page, on a server", () => {
  it.each([
    ["keeps the host", undefined],
    ["gives the server another host", "agents.internal:8000"],
  ])("behind a proxy that strips a path and %s, has its stream through the proxy", async (_what, host) => {
    await using server = await startMockServer({ port: 0, seed: 7, allowedHosts: ["agents.internal"] });
    await using proxy = await prefixProxy(server.url, { prefix: "/tools/agents", host });
    const facade = facadeOnTheNet();
    expect(await connected(facade, { endpoint: proxy.url })).toContain('"game_id"');
    facade.stop('{"client":1}');
    expect(proxy.seen).toContain("UPGRADE /tools/agents/ws");
  });

  it("may name where the stream is", async () => {
    await using server = await startMockServer({ port: 0, seed: 7, allowedHosts: ["agents.internal"] });
    await using proxy = await prefixProxy(server.url, { prefix: "/events" });
    const facade = facadeOnTheNet();
    const websocket_url = `${proxy.url.replace("http", "ws")}/ws`;
    expect(await connected(facade, { endpoint: server.url, websocket_url })).toContain('"game_id"');
    facade.stop('{"client":1}');
    expect(proxy.seen).toEqual(["UPGRADE /events/ws"]);
  });

  it("is refused a place of the stream that is none", () => {
    const fields = { ...start, endpoint: "http://localhost:8000", websocket_url: "http://localhost:8000" };
    const answer = facadeOnTheNet().start(JSON.stringify(fields), () => undefined);
    expect(answer).toContain("invalid_endpoint");
    expect(answer).toContain("websocketUrl begins with http:");
  });
});
