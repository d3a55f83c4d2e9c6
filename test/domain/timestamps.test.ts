import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timestampOf } from "../../mock-server/domain/timestamps.js";

describe("a time of the wire", () => {
  it("is what a Date says of it, whatever was written before", () => {
    const near = fc.integer({ min: 0, max: 5_000 }).map((ms) => 1_764_200_000_000 + ms);
    const any = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    const part = fc.double({ min: 0, max: 4_000_000_000_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(near, any, part)), (times) => {
        expect(times.map(timestampOf)).toEqual(times.map((ms) => new Date(ms).toISOString()));
      }),
    );
  });

  it("cannot be none", () => {
    expect(() => timestampOf(NaN)).toThrow(RangeError);
  });
});
