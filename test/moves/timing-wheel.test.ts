import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimingWheel } from "../../src/moves/timing-wheel.js";

/** Milliseconds of a slot, by which an agent may be found late. */
const SLOT_MS = 15;
/** An agent may be found sooner than it asked for where it asked for more than this. */
const AHEAD_MS = 240;

const turns = fc.array(
  fc.record({ passes: fc.integer({ min: 0, max: 400 }), asks: fc.array(fc.integer({ min: 0, max: 300 })) }),
  { maxLength: 40 },
);

describe("agents that are to be looked at", () => {
  it("are found once, not before their time, and no more than a slot after it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), turns, (start, steps) => {
        const wheel = new TimingWheel();
        const wanted = new Map<number, { readonly at: number; readonly since: number }>();
        let now = start;
        let row = 0;
        wheel.take(now);
        for (const { passes, asks } of steps) {
          now += passes;
          for (const found of wheel.take(now)) {
            const { at = NaN, since = NaN } = wanted.get(found) ?? {};
            expect(now).toBeGreaterThanOrEqual(Math.min(at, since + AHEAD_MS - SLOT_MS));
            wanted.delete(found);
          }
          for (const { at } of wanted.values()) expect(at).toBeGreaterThan(now - SLOT_MS);
          for (const ms of asks) {
            wanted.set(row, { at: now + ms, since: now });
            wheel.add(row++, ms);
          }
        }
        expect([...wheel.takeAll()].sort((a, b) => a - b)).toEqual([...wanted.keys()]);
        expect([...wheel.takeAll()]).toEqual([]);
      }),
    );
  });

  it("come in the order in which they were put, those first for whom there was no room", () => {
    const wheel = new TimingWheel();
    wheel.take(0);
    for (const row of [7, 3, 5]) wheel.add(row, 0);
    wheel.addFirst([9, 8]);
    wheel.addFirst([6]);
    expect([...wheel.take(SLOT_MS)]).toEqual([6, 9, 8, 7, 3, 5]);
  });

  it("are all found when the clock is set back", () => {
    const wheel = new TimingWheel();
    wheel.take(1_000_000);
    for (const row of [0, 1, 2]) wheel.add(row, 100 * row);
    expect([...wheel.take(0)]).toEqual([0, 1, 2]);
  });
});
