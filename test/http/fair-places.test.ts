import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairPlaces } from "../../mock-server/fair-places.js";

describe.each(["seats", "queue"] as const)("a bounded number of %s", (kind) => {
  const actions = fc.array(
    fc.record({ holder: fc.constantFrom("a", "b", "c", "d"), leaves: fc.boolean(), nth: fc.nat(30) }),
    { maxLength: 200 },
  );

  it("is never exceeded, is all used while somebody wants it, and is shared out", () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 12 }), (steps, maximum) => {
        const places = new FairPlaces<number>(maximum, kind);
        const held = new Map<number, string>();
        const countOf = (holder: string) => [...held.values()].filter((other) => other === holder).length;
        for (const [item, { holder, leaves, nth }] of steps.entries()) {
          if (leaves) {
            const gone = [...held.keys()][nth];
            if (gone === undefined) continue;
            places.leave(held.get(gone) ?? "", gone);
            held.delete(gone);
          } else {
            const wasFull = held.size === maximum;
            const before = countOf(holder);
            const { placed, left } = places.take(holder, item);
            if (left !== null) held.delete(left);
            if (placed) held.set(item, holder);
            else expect([kind, wasFull]).toEqual(["seats", true]);
            const most = Math.max(...["a", "b", "c", "d"].map(countOf));
            if (kind === "queue") expect(placed).toBe(true);
            if (kind === "seats" && wasFull) expect(placed || most < before + 2).toBe(true);
          }
          expect(places.size).toBe(held.size);
          expect(held.size).toBeLessThanOrEqual(maximum);
        }
      }),
    );
  });
});
