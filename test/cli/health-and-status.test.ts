import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMockServer } from "../../mock-server/node.js";
import type { MockServer } from "../../mock-server/node.js";
import { jsonLines, run } from "./harness.js";

let server: MockServer;
beforeAll(async () => {
  server = await startMockServer({ port: 0, apiKeys: ["s3cret-key"] });
});
afterAll(() => server.close());

/** A server that is none of ours: it answers everything with the same body. */
async function stranger(body: string, use: (url: string) => Promise<void>): Promise<void> {
  const other = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
  } finally {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  }
}

describe("agentvm health", () => {
  it("says that a server is well, and needs no key for it", async () => {
    const { code, out, err } = await run(["health", "--endpoint", server.url]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`${server.url} is healthy: agentvm-mock`);
  });

  it("tells scripts the server's own answer", async () => {
    const { code, out } = await run(["health", "--endpoint", server.url, "--json"]);
    expect(code).toBe(0);
    expect(jsonLines(out)).toEqual([expect.objectContaining({ endpoint: server.url, status: "healthy" })]);
  });

  it("finds the server in the environment", async () => {
    expect((await run(["health"], { env: { API_ENDPOINT: server.url } })).code).toBe(0);
  });

  it("fails when the server says that it is not well", async () => {
    const body = JSON.stringify({
      status: "degraded",
      service: "x\u001b[2J",
      version: "1",
      timestamp: "2026-01-01T00:00:00.000Z",
    });
    await stranger(body, async (url) => {
      const { code, out } = await run(["health", "--endpoint", url]);
      expect(code).toBe(1);
      expect(out).toBe(`${url} is degraded: x 1\n`);
    });
  });

  it.each([
    ["nobody listens", "http://127.0.0.1:1"],
    ["the name is not known", "http://nowhere.invalid"],
  ])("says that %s", async (_, endpoint) => {
    const { code, out, err } = await run(["health", "--endpoint", endpoint]);
    expect(code).toBe(4);
    expect(out).toBe("");
    expect(err).toContain(endpoint);
    expect(err).toContain("What to do: Check that the server runs");
    expect(err).not.toMatch(/^ {4}at /m);
  });

  it("says that something else answers there", async () => {
    await stranger("<html>a router</html>", async (url) => {
      const { code, err } = await run(["health", "--endpoint", url]);
      expect(code).toBe(4);
      expect(err).toContain("web page");
    });
  });

  it("shows where it happened when debugging is on", async () => {
    const { err } = await run(["health", "--endpoint", "http://127.0.0.1:1"], { env: { DEBUG: "true" } });
    expect(err).toMatch(/^ {4}at /m);
  });

  it("tells scripts a failure as JSON on standard output", async () => {
    const { code, out, err } = await run(["health", "--endpoint", "http://127.0.0.1:1", "--json"]);
    expect({ code, err }).toEqual({ code: 4, err: "" });
    expect(jsonLines(out)).toEqual([
      expect.objectContaining({ type: "error", success: false, code: "unreachable", exit_code: 4 }),
    ]);
  });
});

describe("agentvm status", () => {
  it("shows agents, tasks and load", async () => {
    const { code, out } = await run(["status", "--endpoint", server.url, "--key", "s3cret-key"]);
    expect(code).toBe(0);
    expect(out).toMatch(/agents +0, at most 10 in one game/);
    expect(out).toMatch(/tasks +0 active, 0 waiting, 0 over/);
    expect(out).toMatch(/answers in +\d/);
    expect(out).not.toContain("s3cret");
  });

  it("tells scripts the numbers", async () => {
    const env = { API_ENDPOINT: server.url, AGENTVM_API_KEY: "s3cret-key" };
    const { out } = await run(["status", "--json"], { env });
    expect(jsonLines(out)[0]).toMatchObject({ endpoint: server.url, total_agents: 0, max_agents: 10 });
  });

  it("says that the key is refused, with the request's id", async () => {
    const { code, err } = await run(["status", "--endpoint", server.url, "--key", "wr0ng"]);
    expect(code).toBe(5);
    expect(err).toMatch(/Request id: \S+/);
    expect(err).not.toContain("wr0ng");
  });

  it("does not send the development key to another machine", async () => {
    const { code, err } = await run(["status", "--endpoint", "http://192.0.2.1"]);
    expect(code).toBe(2);
    expect(err).toContain("Set AGENTVM_API_KEY");
  });

  it("holds to production's rule", async () => {
    const { code, err } = await run(["status", "--profile", "production", "--endpoint", "http://192.0.2.1"], {
      env: { AGENTVM_API_KEY: "s3cret-key" },
    });
    expect(code).toBe(3);
    expect(err).toContain("expected https:// in production");
    expect(err).not.toContain("s3cret");
  });
});
