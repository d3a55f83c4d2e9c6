import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellOf, distance } from "../../examples/web-game/src/world/grid.js";
import {
  DOOR,
  REST_SPOTS,
  SEATS,
  TABLE_SEATS,
  createFloor,
} from "../../examples/web-game/src/world/layout.js";
import { findPath } from "../../examples/web-game/src/world/path.js";
import { Traffic } from "../../examples/web-game/src/world/traffic.js";
import { Walker } from "../../examples/web-game/src/world/walker.js";
import { Player } from "../../examples/web-game/src/play/player.js";

const SPOTS = [...SEATS, ...TABLE_SEATS, ...REST_SPOTS];
const FRAME = 0.1;
const SPEED = 2.6;

/** Different places for so many people, in some order. */
const places = (count: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(
    SPOTS.map((_spot, place) => place),
    { minLength: count, maxLength: count },
  );

/** Metres between the two who are nearest to each other. */
function leastDistance(people: readonly Walker[]): number {
  const pairs = people.flatMap((one, index) =>
    people.slice(index + 1).map((other) => distance(one.at, other.at)),
  );
  return Math.min(...pairs);
}

describe("the floor of the web game", () => {
  it("has a way from the door to every desk, seat and place of rest", () => {
    const floor = createFloor();
    const cut = SPOTS.filter((spot) => findPath(floor, DOOR, spot) === null);
    expect(cut).toEqual([]);
  });

  it("never lets two people walk through each other, and brings everybody where they were sent", () => {
    fc.assert(
      fc.property(places(9), places(9), (first, second) => {
        const traffic = new Traffic(createFloor());
        let nearest = Infinity;
        const people = first.map((_place, index) => new Walker(`agent_${index}`, traffic, DOOR));
        for (const goals of [first, second]) {
          people.forEach((walker, index) => walker.goTo(SPOTS[goals[index] ?? 0] ?? DOOR));
          for (let frame = 0; frame < 1_500; frame += 1) {
            for (const walker of people) walker.step(FRAME, SPEED);
            nearest = Math.min(nearest, leastDistance(people));
            if (people.every(({ isMoving }) => !isMoving)) break;
          }
          people.forEach((walker, index) => {
            const { x, z } = SPOTS[goals[index] ?? 0] ?? DOOR;
            expect(cellOf(walker.at)).toEqual({ x, z });
          });
        }
        expect(nearest).toBeGreaterThan(0.6);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the player out of the furniture, whatever keys are pressed", () => {
    const floor = createFloor();
    const keys = fc.record({ right: fc.integer({ min: -1, max: 1 }), down: fc.integer({ min: -1, max: 1 }) });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 120 }), (pressed) => {
        const player = new Player(floor);
        for (const heading of pressed) player.step(FRAME, heading);
        expect(floor.isFree(cellOf(player.at))).toBe(true);
      }),
    );
  });

  it("walks the player to a tapped place, or as near to it as there is room", () => {
    const player = new Player(createFloor());
    const desk = { x: 2.5, z: 3.5 };
    player.walkTo(desk);
    for (let frame = 0; frame < 200; frame += 1) player.step(FRAME, { right: 0, down: 0 });
    expect(distance(player.at, desk)).toBeLessThan(1.5);
  });
});
