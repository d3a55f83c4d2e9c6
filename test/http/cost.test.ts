import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";

let open: MockBackend | null = null;
afterEach(() => open?.close());

function start(): MockBackend {
  open = createMockBackend({ clock: "manual", seed: 7 });
  return open;
}

const headers = { "X-API-Key": "development-key", "Content-Type": "application/json" };

/** Requests that are left after a call with a body. */
async function leftAfter(backend: MockBackend, method: string, path: string, body: string): Promise<number> {
  const answer = await backend.fetch(path, { method, headers, body });
  return Number(answer.headers.get("ratelimit-remaining"));
}

describe("what a call counts as in the rate limit", () => {
  it("is one request while its body is a usual one", async () => {
    const backend = start();
    const body = JSON.stringify({ prompt: 'Say "hi", [then] {leave}: '.repeat(300) });
    expect(await leftAfter(backend, "POST", "/tasks/assign", body)).toBe(599);
  });

  it("grows with the characters of its body", async () => {
    const backend = start();
    expect(await leftAfter(backend, "POST", "/tasks/assign", `{"prompt":"${"a".repeat(1_048_000)}"}`)).toBe(
      584,
    );
  });

  it("grows with the values of its body, good or bad", async () => {
    const backend = start();
    const values = `{"prompt":"p","metadata":{"a":[${"{},".repeat(6_000)}{}]}}`;
    expect(await leftAfter(backend, "POST", "/tasks/assign", values)).toBe(596);
    expect(await leftAfter(backend, "POST", "/tasks/assign", `${values}}`)).toBe(592);
    expect(await leftAfter(backend, "POST", "/batch", values)).toBe(588);
  });

  it("leaves room for a game that moves a thousand agents twice a second", async () => {
    const backend = start();
    const position = { x: 1234.5678, y: 0, z: -1234.5678 };
    const updates = Array.from({ length: 1_000 }, (_, at) => ({
      agent_id: `agent_${at}`,
      position,
      sequence: at,
    }));
    expect(await leftAfter(backend, "PUT", "/agents/positions", JSON.stringify({ updates }))).toBe(598);
  });
});
