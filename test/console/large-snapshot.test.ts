import { describe, expect, it } from "vitest";
import { consoleFront } from "../../mock-server/console/server/console-front.js";
import { startMockServer } from "../../mock-server/node.js";
import type { MockServer } from "../../mock-server/node.js";

const KEY = "development-key";
const MIB = 1_048_576;

const serve = (totalBytes: number): Promise<MockServer> =>
  startMockServer({
    port: 0,
    clock: "manual",
    totalBytes,
    front: (handler, backend) => consoleFront(handler, backend, new Map()),
  });

/** Fills games with tasks that wait until nothing more is taken. */
function fill({ backend }: MockServer, games: number, character: string): void {
  const { engine } = backend;
  for (let game = 0; game < games; game += 1) {
    const game_id = `game${game}`;
    engine.games.connect({ game_id });
    const metadata = { note: character.repeat(Math.floor(16_000 / JSON.stringify(character).length)) };
    const body = { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600, metadata };
    try {
      for (;;) engine.tasks.assign({ kind: "game", game_id }, body);
    } catch (error) {
      expect(error).toMatchObject({ code: "storage_full" });
    }
  }
}

const ask = (url: string, path: string, body?: string): Promise<Response> =>
  fetch(`${url}/console/api/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "X-API-Key": KEY, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });

describe("a snapshot of as much as a server may hold", { timeout: 60_000 }, () => {
  it.each([
    ["text", 90 * MIB, 7, "x"],
    ["text that JSON writes six times as long", 20 * MIB, 3, "\u0001"],
    ["text beyond ASCII", 20 * MIB, 3, "“"],
  ])("can be loaded where it was saved: %s", async (_what, totalBytes, games, character) => {
    await using server = await serve(totalBytes);
    fill(server, games, character);
    const { engine } = server.backend;
    const held = engine.storage.held();
    expect(held).toBeGreaterThan(0.9 * totalBytes);
    const snapshot = await (await ask(server.url, "snapshot")).text();
    expect(Buffer.byteLength(snapshot)).toBeLessThanOrEqual(1.25 * held);
    expect((await ask(server.url, "restart", "{}")).status).toBe(200);
    expect(server.backend.engine.counts().pending_tasks).toBe(0);
    expect((await ask(server.url, "restart", `{"snapshot":${snapshot}}`)).status).toBe(200);
    expect(server.backend.engine.storage.held()).toBe(held);
  });

  it("that is larger than that is refused, and nothing has changed", async () => {
    await using server = await serve(MIB);
    fill(server, 1, "x");
    const held = server.backend.engine.storage.held();
    const answer = await ask(server.url, "restart", `{"snapshot":{"note":"${"x".repeat(3 * MIB)}"}}`);
    expect(answer.status).toBe(413);
    expect(server.backend.engine.storage.held()).toBe(held);
  });
});
