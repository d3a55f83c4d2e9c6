import { describe, expect, it } from "vitest";
import { createCors } from "../../mock-server/http/cors.js";
import { preflightHeaders } from "../../mock-server/http/preflight.js";

const allows = (origins: string[] | undefined, origin: string) =>
  createCors(origins).headersFor(origin)?.["access-control-allow-origin"];

describe("pages that may call", () => {
  it.each([
    "http://localhost",
    "http://localhost:5173",
    "https://localhost:8443",
    "http://127.0.0.1:3000",
    "http://127.1.2.3",
    "http://[::1]:8080",
    "http://game.localhost:5173",
  ])("are those on this machine unless others are named: %s", (origin) => {
    expect(allows(undefined, origin)).toBe(origin);
  });

  it.each([
    "null",
    "https://example.com",
    "http://localhost.example.com",
    "http://evil-localhost",
    "http://127.0.0.1.example.com",
    "http://192.168.0.10:8000",
    "file://",
    "http://localhost:8000@example.com",
    "",
  ])("are no others: %s", (origin) => {
    expect(allows(undefined, origin)).toBeUndefined();
  });

  it("are those that were named, and then no others", () => {
    expect(allows(["https://example.com"], "https://example.com")).toBe("https://example.com");
    expect(allows(["https://example.com"], "http://example.com")).toBeUndefined();
    expect(allows(["https://example.com"], "http://localhost")).toBeUndefined();
    expect(allows(["loopback", "https://example.com"], "http://localhost")).toBe("http://localhost");
    expect(allows(["null"], "null")).toBe("null");
    expect(allows(["*"], "https://anybody.example")).toBe("*");
    expect(allows([], "http://localhost")).toBeUndefined();
  });

  it.each(["example.com", "https://example.com/path", "https://", "localhost:8000", ""])(
    "cannot be named as %j",
    (entry) => {
      expect(() => createCors([entry])).toThrow(/corsOrigins has the entry/);
    },
  );

  it("may read the headers of the contract", () => {
    expect(createCors().headersFor("http://localhost")?.["access-control-expose-headers"]).toBe(
      "X-Request-Id, X-Next-Cursor, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Allow",
    );
  });
});

describe("a preflight", () => {
  const ask = (headers: string | undefined, privateNetwork = false, origin = "http://localhost:5173") => {
    const asked = new Map([
      ["origin", origin],
      ["access-control-request-method", "POST"],
      ["access-control-request-private-network", String(privateNetwork)],
    ]);
    if (headers !== undefined) asked.set("access-control-request-headers", headers);
    return preflightHeaders({ header: (name) => asked.get(name) }, createCors());
  };

  it("is granted the methods and headers of the contract", () => {
    const granted = ask(undefined);
    expect(granted?.["access-control-allow-methods"]).toBe("GET, HEAD, POST, PUT, DELETE, OPTIONS");
    for (const name of ["X-API-Key", "Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"]) {
      expect(granted?.["access-control-allow-headers"]).toContain(name);
    }
  });

  it("is granted the headers that it asks for", () => {
    expect(ask("x-api-key,traceparent")?.["access-control-allow-headers"]).toBe("x-api-key,traceparent");
  });

  it("is not granted what is no header name", () => {
    expect(ask("x\r\nset-cookie: a=b")?.["access-control-allow-headers"]).not.toContain("\n");
  });

  it("is told that this network may be reached, if it asks", () => {
    expect(ask(undefined, true)?.["access-control-allow-private-network"]).toBe("true");
    expect(ask(undefined)).not.toHaveProperty("access-control-allow-private-network");
  });

  it("of another page is granted nothing", () => {
    expect(ask(undefined, false, "https://example.com")).toEqual({});
  });
});
