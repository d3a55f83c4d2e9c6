import { createServer } from "node:http";
import { once } from "node:events";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../../mock-server/index.js";
import { createHandlers } from "../../../mock-server/msw.js";
import { startMockServer } from "../../../mock-server/node.js";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

const KEY = { "x-api-key": "development-key" };

/** A backend that answers this process's calls to an endpoint. */
function intercept(endpoint?: string) {
  const backend = createMockBackend({ seed: 7, clock: "manual" });
  const server = setupServer(...createHandlers(backend, endpoint === undefined ? {} : { endpoint }));
  server.listen({ onUnhandledRequest: "bypass" });
  open.push(() => {
    server.close();
    backend.close();
  });
  return { backend, server };
}

describe("handlers for MSW", () => {
  it("answer calls to the SDK's own endpoint when none is named", async () => {
    intercept();
    const response = await fetch("http://localhost:8000/health");
    expect(await response.json()).toMatchObject({ status: "healthy" });
  });

  it.each([
    "https://agents.example.com",
    "https://agents.example.com/",
    "http://192.0.2.1:8080",
    "http://[2001:db8::1]:80",
  ])("answer calls to %s", async (endpoint) => {
    intercept(endpoint);
    const response = await fetch(new URL("/agents?limit=1", endpoint), { headers: KEY });
    expect(await response.json()).toEqual([]);
  });

  it("tell the event stream's address at the endpoint", async () => {
    intercept("https://agents.example.com");
    const response = await fetch("https://agents.example.com/game/connect", { method: "POST", headers: KEY });
    expect((await response.json()).websocket_url).toBe("wss://agents.example.com/ws");
  });

  it("leave calls to another place alone, though its name begins alike", async () => {
    const other = createServer((_request, response) => response.end("another"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    open.push(() => other.close().closeAllConnections());
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    intercept(`http://127.0.0.1:${String(port).slice(0, -1)}`);
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    expect(await response.text()).toBe("another");
  });

  it("stand beside handlers of the user's own", async () => {
    const { server } = intercept("http://agents.test");
    server.use(http.get("http://agents.test/health", () => HttpResponse.json({ status: "mine" })));
    const mine = await fetch("http://agents.test/health");
    const theirs = await fetch("http://agents.test/agents", { headers: KEY });
    expect([await mine.json(), await theirs.json()]).toEqual([{ status: "mine" }, []]);
  });

  it("refuse broken escapes as every host does", async () => {
    intercept("http://agents.test");
    const response = await fetch("http://agents.test/agents/%zz", { headers: KEY });
    expect([response.status, (await response.json()).code]).toEqual([422, "invalid_request"]);
  });

  it("answer as a dead network once the backend is closed", async () => {
    const { backend } = intercept("http://agents.test");
    backend.close();
    await expect(fetch("http://agents.test/health")).rejects.toThrow(TypeError);
  });

  it("stream a task's output as it is written", async () => {
    const { backend } = intercept("http://agents.test");
    const post = async (path: string, body: unknown) =>
      await (
        await fetch(`http://agents.test${path}`, {
          method: "POST",
          headers: { ...KEY, "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).json();
    await post("/agents/create", { agent_type: "aider" });
    const { task_id } = await post("/tasks/assign", { prompt: "Fix it" });
    const response = await fetch(`http://agents.test/tasks/${task_id}/output`, { headers: KEY });
    const text = response.text();
    backend.clock.advance(600_000);
    expect(JSON.parse((await text).trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ done: true });
  });

  it("present any backend, also one that listens on a port as well", async () => {
    const node = await startMockServer({ port: 0, clock: "manual" });
    const server = setupServer(...createHandlers(node.backend, { endpoint: "http://agents.test" }));
    server.listen({ onUnhandledRequest: "bypass" });
    open.push(() => server.close());
    await fetch("http://agents.test/agents/create", {
      method: "POST",
      headers: { ...KEY, "content-type": "application/json" },
      body: JSON.stringify({ agent_type: "aider" }),
    });
    const response = await fetch(`${node.url}/agents`, { headers: KEY });
    expect(await response.json()).toHaveLength(1);
    await node.close();
  });

  it.each([
    "",
    "localhost:8000",
    "ftp://localhost",
    "http://localhost/api",
    "http://localhost?x",
    "http://me:secret@localhost",
  ])("refuse %j, which is no endpoint", (endpoint) => {
    const backend = createMockBackend({ clock: "manual" });
    open.push(() => backend.close());
    expect(() => createHandlers(backend, { endpoint })).toThrow(/endpoint must be scheme, host and port/);
  });
});
