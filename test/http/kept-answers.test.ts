import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";

const KEY = "development-key";
const GAME_BYTES = 160_000;

let backend: MockBackend;
afterEach(() => backend.close());

/** A backend in which a game may hold little. */
function start(): void {
  const limits = { game_bytes: GAME_BYTES, rate_limit_per_minute: 1_000_000 };
  backend = createMockBackend({ seed: 1, clock: "manual", limits });
}

async function post(path: string, body: unknown, headers: Record<string, string>) {
  const response = await backend.fetch(`${backend.connection().endpoint}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { replayed: response.headers.get("idempotency-replayed") === "true", answer: await response.json() };
}

/** A session of a game that stays when it ends, as the headers that show it. */
async function session(game_id: string): Promise<Record<string, string>> {
  const { answer } = await post("/game/connect", { game_id, keep: true }, { "X-API-Key": KEY });
  return { Authorization: `Bearer ${answer.session_token}` };
}

describe("answers that are kept to give again", () => {
  it("count as what their game holds, and never as more than a part of it", async () => {
    start();
    const red = await session("red");
    const before = backend.engine.storage.held("red");
    const events = [{ type: "connection", at: "2026-01-01T00:00:00.000Z", status: "live", reason: null }];
    await post("/analytics/events", { events }, { ...red, "Idempotency-Key": "k" });
    expect(backend.engine.storage.held("red")).toBeGreaterThan(before);
    for (let count = 0; count < 200; count += 1) {
      await post("/analytics/events", { events }, { ...red, "Idempotency-Key": `k${count}` });
    }
    expect(backend.engine.storage.held("red") - before).toBeLessThan(GAME_BYTES / 4);
  });

  it("are given back after a day", async () => {
    start();
    const red = await session("red");
    const before = backend.engine.storage.held("red");
    await post("/game/heartbeat", {}, { ...red, "Idempotency-Key": "k" });
    expect(backend.engine.storage.held("red")).toBeGreaterThan(before);
    backend.clock.advance(24 * 3_600_000);
    await post("/game/connect", {}, { "X-API-Key": KEY, "Idempotency-Key": "k" });
    expect(backend.engine.storage.held("red")).toBe(before);
  });

  it("of one game push out none of another's", async () => {
    start();
    const [red, blue] = [await session("red"), await session("blue")];
    const keyed = (headers: Record<string, string>, key: string) =>
      post("/game/heartbeat", {}, { ...headers, "Idempotency-Key": key });
    await keyed(blue, "k");
    for (let count = 0; count < 500; count += 1) await keyed(red, `k${count}`);
    expect((await keyed(blue, "k")).replayed).toBe(true);
    expect((await keyed(red, "k499")).replayed).toBe(true);
    expect((await keyed(red, "k0")).replayed).toBe(false);
  });

  it("of a batch and of a call of the same key are two", async () => {
    start();
    const red = await session("red");
    const headers = { ...red, "Idempotency-Key": "k" };
    const body = { requests: [{ id: "a", method: "GET", path: "/agents" }] };
    expect((await post("/batch", body, headers)).answer.success).toBe(true);
    expect((await post("/game/heartbeat", {}, headers)).answer.success).toBe(true);
    expect((await post("/batch", body, headers)).replayed).toBe(true);
  });
});
