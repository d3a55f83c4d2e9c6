import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  METADATA_MAX_BYTES,
  METADATA_MAX_VALUES,
  check,
  fits,
  metadataSchema,
} from "../../src/contract/index.js";

/** An object that is as many bytes long as JSON, made of copies of a character. */
function ofBytes(bytes: number, character: string): Record<string, unknown> {
  const each = new TextEncoder().encode(JSON.stringify(character)).byteLength - 2;
  const left = bytes - '{"note":""}'.length;
  return { note: character.repeat(Math.floor(left / each)) + "x".repeat(left % each) };
}

describe("free data", () => {
  it.each(["x", "é", "“", "😀", '"', "\u0001", "\ud800"])(
    "of the character %j may be as many bytes long as JSON, and no more",
    (character) => {
      expect(fits(metadataSchema, ofBytes(METADATA_MAX_BYTES, character))).toBe(true);
      expect(fits(metadataSchema, ofBytes(METADATA_MAX_BYTES + 1, character))).toBe(false);
    },
  );

  it("may have as many values, and no more", () => {
    const items = (count: number) => ({ list: Array.from({ length: count - 1 }, () => 0) });
    expect(fits(metadataSchema, items(METADATA_MAX_VALUES))).toBe(true);
    expect(fits(metadataSchema, items(METADATA_MAX_VALUES + 1))).toBe(false);
  });

  it("is refused with the bounds told, and not read twice", () => {
    expect(check(metadataSchema, ofBytes(METADATA_MAX_BYTES + 1, "x"), "metadata")).toEqual({
      ok: false,
      problems: [
        { loc: ["metadata"], msg: "must be at most 16384 bytes as JSON, and 1000 values", type: "too_big" },
      ],
    });
  });

  it.each([NaN, Infinity, -Infinity])(
    "with a %d in it, of which JSON would make null, is refused",
    (value) => {
      for (const data of [{ value }, { list: [1, { deep: [value] }] }]) {
        expect(check(metadataSchema, data, "metadata")).toMatchObject({
          ok: false,
          problems: [{ loc: ["metadata"], type: "not_finite" }],
        });
      }
      expect(fits(metadataSchema, { value: 0, list: [-1.5, null] })).toBe(true);
    },
  );

  it("that goes round in a circle is refused, and nothing hangs", () => {
    const round: Record<string, unknown> = {};
    round["self"] = round;
    expect(fits(metadataSchema, round)).toBe(false);
  });

  it("is taken just where its bytes and values, counted plainly, are few enough", () => {
    const valuesIn = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? Object.values(value).reduce<number>((sum, inner) => sum + 1 + valuesIn(inner), 0)
        : 0;
    const long = fc
      .tuple(fc.string({ unit: "binary", minLength: 1, maxLength: 5 }), fc.nat({ max: 4_000 }))
      .map(([text, times]) => text.repeat(times));
    const value = fc.oneof(
      long,
      fc.nat({ max: 600 }).map((count) => Array.from({ length: count }, () => [count])),
      fc.dictionary(fc.string(), fc.constant({}), { maxKeys: 3 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { maxKeys: 4 }), (data) => {
        const bytes = new TextEncoder().encode(JSON.stringify(data)).byteLength;
        const few = bytes <= METADATA_MAX_BYTES && valuesIn(data) <= METADATA_MAX_VALUES;
        expect(fits(metadataSchema, data)).toBe(few);
      }),
      { numRuns: 60 },
    );
  });
});
