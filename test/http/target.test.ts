import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuery, splitTarget } from "../../mock-server/calls/target.js";

describe("a request's target", () => {
  it("is a path and, after the first question mark, a query", () => {
    expect(splitTarget("/agents")).toEqual({ path: "/agents", query: undefined });
    expect(splitTarget("/agents?a=?b")).toEqual({ path: "/agents", query: "a=?b" });
  });
});

describe("a query", () => {
  it("reads back what URLSearchParams wrote", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), { minKeys: 1 }),
        (values) => {
          const written = new URLSearchParams(values).toString();
          fc.pre(written !== "" && written !== "=");
          expect(Object.entries(parseQuery(written) ?? {})).toEqual(Object.entries(values));
        },
      ),
    );
  });

  it.each([undefined, ""])("of %j holds nothing", (query) => {
    expect(parseQuery(query)).toBeUndefined();
  });

  it("has no place for a name twice, and says which", () => {
    expect(() => parseQuery("limit=1&limit=2")).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        detail: [{ loc: ["query", "limit"], msg: "is given more than once", type: "duplicate" }],
      }),
    );
  });

  it("has no place for broken escapes", () => {
    expect(() => parseQuery("a=%zz")).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(() => parseQuery("a=%ff")).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("cannot reach an object's prototype", () => {
    const values = parseQuery("__proto__=x");
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
    expect(Object.keys(values ?? {})).toEqual(["__proto__"]);
  });
});
