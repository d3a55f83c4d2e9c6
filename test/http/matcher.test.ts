import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatcher } from "../../mock-server/calls/matcher.js";
import { ROUTE_NAMES, routes } from "../../src/contract/index.js";
import type { Route } from "../../src/contract/index.js";

const match = createMatcher();
const filled = (path: string) => path.replaceAll(/\{\w+\}/g, "some_id-1");

describe("the matcher", () => {
  it.each(ROUTE_NAMES)("leads the path of %s and its aliases to it", (name) => {
    const { method, path, aliases = [] }: Route = routes[name];
    for (const each of [path, ...aliases]) {
      expect(match(method, filled(each))).toMatchObject({ kind: "route", name });
    }
  });

  it("gives the parameters by name, their escapes undone", () => {
    expect(match("GET", "/agents/a%2Fb%20c")).toMatchObject({
      name: "agentGet",
      params: { agent_id: "a/b c" },
    });
  });

  it("leaves a broken escape as it is, for validation to name", () => {
    expect(match("GET", "/agents/%zz")).toMatchObject({ name: "agentGet", params: { agent_id: "%zz" } });
  });

  it("prefers a path written out to one with a parameter", () => {
    expect(match("GET", "/agents/types")).toMatchObject({ name: "agentTypes" });
    expect(match("PUT", "/agents/positions")).toMatchObject({ name: "agentMoveMany" });
    expect(match("GET", "/tasks/assign")).toEqual({ kind: "method", allow: "POST, OPTIONS" });
  });

  it("tells every method of a path that has several", () => {
    expect(match("POST", "/agents/x")).toEqual({ kind: "method", allow: "GET, HEAD, DELETE, OPTIONS" });
  });

  it("finds for HEAD what it finds for GET", () => {
    expect(match("HEAD", "/health")).toEqual(match("GET", "/health"));
  });

  it.each([
    "",
    "/",
    "health",
    "//health",
    "/health/",
    "/agents/",
    "/agents//position",
    "/nope",
    "/agents/a/b",
    "/ws",
    "*",
  ])("finds nothing at %j", (path) => {
    expect(match("GET", path)).toEqual({ kind: "none" });
  });

  it("never throws, and finds a parameter's value whole", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (id) => {
        const encoded = encodeURIComponent(id);
        fc.pre(!["types", "create", "positions", ".", ".."].includes(id));
        expect(match("GET", `/agents/${encoded}`)).toMatchObject({ params: { agent_id: id } });
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.webPath(), (method, path) => {
        expect(["route", "method", "none"]).toContain(match(method, path).kind);
      }),
    );
  });
});
