import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import type { AgentVMOptions, Fetch } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import { rejectionOf } from "./time.js";
import { transports } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

const long = "Grüße, 世界 🎮 ".repeat(600);

beforeAll(loadLateCode);

describe.each(transports)("a long request of an AgentVM %s", (_name, make) => {
  let backend: MockBackend;
  let agentvm: AnyAgentVM;
  let seen: { readonly encoding: string | null; readonly bytes: number }[];
  /** What stands between the client and the backend; null lets the backend answer. */
  let before: (encoding: string | null) => Response | null;

  beforeEach(() => {
    seen = [];
    before = () => null;
    backend = createMockBackend({ seed: 1 });
  });
  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  function start(options: AgentVMOptions = {}): void {
    const fetch: Fetch = async (input, init) => {
      const encoding = new Headers(init?.headers).get("content-encoding");
      const bytes = (await new Response(init?.body).arrayBuffer()).byteLength;
      seen.push({ encoding, bytes });
      return before(encoding) ?? (await backend.fetch(input, init));
    };
    agentvm = make({ ...backend.connection(), fetch, retries: 0, compressAbove: 1_000, ...options });
  }

  const promptOf = async (): Promise<string> => {
    const { id } = await agentvm.tasks.assign({ prompt: long });
    return (await agentvm.tasks.get(id)).prompt;
  };
  const encodings = (): (string | null)[] => seen.map(({ encoding }) => encoding);

  it("goes out compressed, and arrives whole", async () => {
    start();
    expect(await promptOf()).toBe(long);
    expect(encodings()).toEqual(["gzip", null]);
    expect(seen[0]?.bytes).toBeLessThan(long.length / 10);
  });

  it("goes out as it is when it is not that long, or that is switched off", async () => {
    start({ compressAbove: 100_000 });
    await promptOf();
    expect(encodings()).toEqual([null, null]);
    await agentvm.close();
    start({ compressAbove: Infinity });
    await promptOf();
    expect(encodings()).toEqual([null, null, null, null]);
  });

  it("goes plain to a server that takes none, which is asked once", async () => {
    start();
    before = (encoding) =>
      encoding === null
        ? null
        : Response.json({ error: { code: "unsupported_media_type" } }, { status: 415 });
    expect(await promptOf()).toBe(long);
    expect(await promptOf()).toBe(long);
    expect(encodings()).toEqual(["gzip", null, null, null, null]);
  });

  it("goes plain where a page may not send the header", async () => {
    start();
    before = (encoding) => {
      if (encoding !== null) throw new TypeError("Failed to fetch");
      return null;
    };
    expect(await promptOf()).toBe(long);
    await promptOf();
    expect(encodings()).toEqual(["gzip", null, null, null, null]);
  });

  it("is not sent twice when it is lost and the server has taken one before", async () => {
    start();
    await promptOf();
    before = () => {
      throw new TypeError("Failed to fetch");
    };
    seen.length = 0;
    expect(await rejectionOf(promptOf())).toMatchObject({ name: "NetworkError" });
    expect(encodings()).toEqual(["gzip"]);
  });

  it("arrives whole at a real server", async () => {
    start();
    await using server = await startMockServer({ port: 0 });
    const other = make({
      endpoint: server.url,
      apiKey: "development-key",
      compressAbove: 1_000,
      events: false,
    });
    const { id } = await other.tasks.assign({ prompt: long });
    expect((await other.tasks.get(id)).prompt).toBe(long);
    await other.close();
  });

  it("asks in Node for an answer that is compressed, and reads it", async () => {
    start();
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers["accept-encoding"]);
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const other = make({ endpoint: `http://127.0.0.1:${port}`, apiKey: "k", retries: 0, events: false });
    await rejectionOf(other.agents.types());
    expect(asked).toEqual([expect.stringContaining("gzip")]);
    await other.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
