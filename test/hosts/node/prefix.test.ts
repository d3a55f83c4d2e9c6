import { describe, expect, it } from "vitest";
import { prefixProxy } from "../../lib/prefix-proxy.js";
import { startServer } from "./server.js";

describe("a server behind a proxy that gives it a path", () => {
  it("says in its OpenAPI document where its calls are, as who read it sees them", async () => {
    await using server = await startServer();
    for (const prefix of ["", "/tools/agents"]) {
      await using proxy = await prefixProxy(server.url, { prefix });
      const address = `${new URL(proxy.url).origin}${prefix}/openapi.json`;
      const { servers } = await (await fetch(address)).json();
      // As OpenAPI has it: an address relative to the document's own, to which a call's path is added.
      const base = new URL(servers[0].url, address).href.replace(/\/$/, "");
      expect((await fetch(`${base}/health`)).status).toBe(200);
    }
  });
});
