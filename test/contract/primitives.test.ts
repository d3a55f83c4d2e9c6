import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COORDINATE_MAX,
  fits,
  idSchema,
  keywordSchema,
  positionSchema,
  shareSchema,
  textSchema,
  timestampSchema,
} from "../../src/contract/index.js";

describe("an id", () => {
  it.each(["a", "agent_1", "A-Z_09", "x".repeat(64)])("may be %s", (id) => {
    expect(fits(idSchema, id)).toBe(true);
  });

  it.each(["", "x".repeat(65), "a/b", "a b", "../etc", "a%2Fb", "é", "a\n", 7, null])(
    "may not be %j",
    (id) => {
      expect(fits(idSchema, id)).toBe(false);
    },
  );

  it("never needs escaping in a URL", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 70 }), (text) => {
        if (fits(idSchema, text)) expect(encodeURIComponent(text)).toBe(text);
      }),
    );
  });
});

describe("a position", () => {
  it("takes every finite number of the world", () => {
    const coordinate = fc.double({ min: -COORDINATE_MAX, max: COORDINATE_MAX, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (x, y, z) => fits(positionSchema, { x, y, z })),
    );
  });

  it.each([NaN, Infinity, -Infinity, COORDINATE_MAX + 1, -COORDINATE_MAX - 0.5, "1", null, undefined])(
    "refuses the coordinate %s",
    (x) => {
      expect(fits(positionSchema, { x, y: 0, z: 0 })).toBe(false);
    },
  );

  it("refuses a fourth coordinate", () => {
    expect(fits(positionSchema, { x: 0, y: 0, z: 0, w: 1 })).toBe(false);
  });
});

describe("a time", () => {
  it("is what Date.toISOString writes", () => {
    const years = { min: new Date("0000-01-01T00:00:00.000Z"), max: new Date("9999-12-31T23:59:59.999Z") };
    fc.assert(
      fc.property(fc.date({ ...years, noInvalidDate: true }), (date) =>
        fits(timestampSchema, date.toISOString()),
      ),
    );
  });

  it.each(["2026-01-31", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000+01:00", 1_700_000_000_000])(
    "is not %s",
    (time) => {
      expect(fits(timestampSchema, time)).toBe(false);
    },
  );
});

describe("a text for people", () => {
  it.each(["", "   ", "\n\t", "\u00a0"])("may not be blank: %j", (text) => {
    expect(fits(textSchema(10), text)).toBe(false);
  });

  it("is as long as it may be and no longer", () => {
    expect(fits(textSchema(10), "x".repeat(10))).toBe(true);
    expect(fits(textSchema(10), "x".repeat(11))).toBe(false);
  });
});

describe("a share", () => {
  it.each([0, 0.5, 1])("may be %d", (share) => {
    expect(fits(shareSchema, share)).toBe(true);
  });

  it.each([-0.1, 1.1, NaN])("may not be %d", (share) => {
    expect(fits(shareSchema, share)).toBe(false);
  });
});

describe("a keyword", () => {
  it("is one word", () => {
    expect(fits(keywordSchema, "multi_file-editing")).toBe(true);
    expect(fits(keywordSchema, "two words")).toBe(false);
  });
});
