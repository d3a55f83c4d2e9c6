import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseEncoding } from "../../../mock-server/hosts/node/encoding.js";
import type { MockServer } from "../../../mock-server/node.js";
import { KEY, startServer } from "./server.js";

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
});

interface Got {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A call that undoes no compression. */
function get(
  path: string,
  headers: Record<string, string> = {},
  from = server,
  method = "GET",
): Promise<Got> {
  return new Promise((resolve, reject) => {
    request(from.url + path, { method, headers: { ...KEY, ...headers }, agent: false }, (response) => {
      buffer(response).then((body) => {
        resolve({ headers: response.headers, body });
      }, reject);
    })
      .on("error", reject)
      .end();
  });
}

describe("an answer", () => {
  it("is plain when nothing else is asked for", async () => {
    const { headers, body } = await get("/openapi.json");
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers["content-length"]).toBe(String(body.byteLength));
    expect(JSON.parse(body.toString())).toMatchObject({ openapi: "3.1.0" });
  });

  it("is gzip when that is asked for", async () => {
    const plain = await get("/openapi.json");
    const { headers, body } = await get("/openapi.json", { "accept-encoding": "gzip" });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(headers["content-length"]).toBe(String(body.byteLength));
    expect(gunzipSync(body)).toEqual(plain.body);
    expect(body.byteLength).toBeLessThan(plain.body.byteLength / 4);
  });

  it("is brotli when both are taken", async () => {
    const plain = await get("/openapi.json");
    const { headers, body } = await get("/openapi.json", { "accept-encoding": "gzip, deflate, br" });
    expect(headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(body)).toEqual(plain.body);
  });

  it("tells caches that it depends on what was asked for, however it was", async () => {
    for (const asked of ["gzip", "identity"]) {
      const { headers } = await get("/openapi.json", { "accept-encoding": asked });
      expect(headers["vary"]).toContain("Accept-Encoding");
    }
  });

  it("to a page depends on the page too", async () => {
    const { headers } = await get("/openapi.json", {
      "accept-encoding": "gzip",
      origin: "http://localhost:5173",
    });
    expect(headers["vary"]).toBe("Origin, Accept-Encoding");
  });

  it("that is short stays plain", async () => {
    const { headers } = await get("/health", { "accept-encoding": "gzip, br" });
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it("stays plain where the server was told so", async () => {
    await using plain = await startServer({ compression: false });
    const { headers } = await get("/openapi.json", { "accept-encoding": "gzip, br" }, plain);
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers["vary"]).toBeUndefined();
  });

  it("to HEAD has the same headers", async () => {
    const { headers, body } = await get("/openapi.json", { "accept-encoding": "identity" }, server, "HEAD");
    expect(headers["vary"]).toContain("Accept-Encoding");
    expect(body.byteLength).toBe(0);
  });

  it("to HEAD tells no length that the compressed answer would not have", async () => {
    const { headers } = await get("/openapi.json", { "accept-encoding": "gzip" }, server, "HEAD");
    expect(headers["content-length"]).toBeUndefined();
  });

  it("that refuses a call can be compressed too", async () => {
    const unknown = Array.from({ length: 40 }, (_, place) => `unknown_${place}=1`).join("&");
    const { headers, body } = await get(`/agents?${unknown}`, { "accept-encoding": "gzip" });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ code: "invalid_request" });
  });
});

describe("the encoding", () => {
  it.each([
    [undefined, null],
    ["", null],
    ["identity", null],
    ["deflate", null],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["x-gzip", "gzip"],
    ["br", "br"],
    ["gzip, br", "br"],
    ["gzip;q=1, br;q=0.5", "gzip"],
    ["gzip;q=0", null],
    ["gzip;q=0, br", "br"],
    ["br;q=0.0, gzip;q=0.001", "gzip"],
    ["*", "br"],
    ["*;q=0", null],
    ["br;q=0, *", "gzip"],
    ["identity;q=1, gzip;q=0.5", null],
    ["identity;q=0.5, gzip;q=1", "gzip"],
    ["gzip;q=nonsense", null],
    ["gzip; q=0.8 ", "gzip"],
  ])("for %j is %j", (asked, wanted) => {
    expect(chooseEncoding(asked)).toBe(wanted);
  });
});
