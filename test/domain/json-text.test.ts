import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countValues, readJson } from "../../mock-server/domain/index.js";
import { BODY_VALUES_MAX } from "../../src/contract/index.js";
import { thrownBy } from "./support.js";

/** How many values there are, an empty list or object being as two. */
function valuesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return (
    1 +
    Math.max(
      1,
      Object.values(value).reduce((sum: number, part) => sum + valuesIn(part), 0),
    )
  );
}

describe("the values of a text of JSON", () => {
  it("are counted without reading it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        expect(countValues(JSON.stringify(value, null, indent), Infinity)).toBe(valuesIn(value));
      }),
    );
  });

  it.each([
    ['{"a":"[,{\\",\\\\"}', 2],
    ['["\\\\\\"],[",0]', 3],
    ['"no end, no end', 1],
    ['["a backslash at the end\\', 2],
    ["", 1],
  ])("are no more for what stands within a text: %s", (text, values) => {
    expect(countValues(text, Infinity)).toBe(values);
  });

  it("are not counted much further than is asked", () => {
    expect(countValues(`[${"0,".repeat(1_000_000)}`, 100)).toBe(101);
  });
});

describe("a text of JSON", () => {
  const full = `[${Array.from({ length: BODY_VALUES_MAX - 1 }, () => 0).join(",")}]`;

  it("may hold as many values as the contract says, and not one more", () => {
    expect(readJson(full)).toHaveLength(BODY_VALUES_MAX - 1);
    expect(thrownBy(() => readJson(full.replace("[", "[0,")))).toMatchObject({
      code: "payload_too_large",
      message: "The body holds more than 20000 values.",
    });
  });

  it("is refused for its many values before it is read, so that it need not be JSON", () => {
    expect(thrownBy(() => readJson(`${full.slice(0, -1)},,`))).toMatchObject({ code: "payload_too_large" });
  });

  it("is refused, with the place, for a number that no program of JavaScript could write again", () => {
    for (const digits of [
      "9007199254740993",
      "-9007199254740993",
      "76561198012345679",
      `1${"0".repeat(20)}1`,
    ]) {
      expect(thrownBy(() => readJson(`{"a":[1,${digits}]}`))).toMatchObject({
        code: "invalid_request",
        detail: [{ loc: ["body", "a", 1], type: "inexact" }],
      });
    }
  });

  it.each([
    "9007199254740991",
    "9007199254740994",
    "-9007199254740992",
    "12345678901234567e3",
    "0.12345678901234567890",
    "1e300",
    '"76561198012345679"',
    '{"76561198012345679":"\\"76561198012345679"}',
  ])("keeps %s", (text) => {
    expect(readJson(`[${text}]`)).toEqual(JSON.parse(`[${text}]`));
  });
});
