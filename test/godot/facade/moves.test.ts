import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventDataSchemas, eventFrameSchema, placeSchema } from "../../../src/contract/index.js";
import { withMovesInRows } from "../../../src/godot/moves.js";
import type { Moved, Moves } from "../../../src/godot/moves.js";

/** What `addons/agentvm/web/move_rows.gd` does in the game. */
function eventsOf({ epoch, timestamp, game_id, rows }: Moves): Moved[] {
  return rows.map(([seq, agent_id, x, y, z, scene_id, sequence]) => ({
    type: "agent.moved",
    epoch,
    seq,
    timestamp,
    game_id,
    data: { agent_id, position: { x, y, z }, scene_id, sequence },
  }));
}

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const position = fc.record({ x: number, y: number, z: number });
const moved: fc.Arbitrary<Moved> = fc.record({
  type: fc.constant("agent.moved"),
  epoch: fc.constantFrom("epoch_1", "epoch_2"),
  seq: fc.nat(),
  timestamp: fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.100Z"),
  game_id: fc.constantFrom("game_1", null),
  data: fc.record({
    agent_id: fc.string(),
    position,
    scene_id: fc.option(fc.string()),
    sequence: fc.option(fc.nat()),
  }),
});

describe("moves on their way to a game", () => {
  it("stay the events that they were, in their order among all others", () => {
    const news = fc.array(fc.oneof(moved, fc.record({ other: fc.nat() })));
    fc.assert(
      fc.property(news, (given) => {
        const packed = withMovesInRows(given, (one) => ("type" in one ? one : null));
        expect(packed.flatMap((one) => ("moves" in one ? eventsOf(one.moves) : [one]))).toEqual(given);
      }),
    );
  });

  it("hold every field that the contract has for them", () => {
    expect(Object.keys(eventFrameSchema.shape)).toEqual([
      "type",
      "epoch",
      "seq",
      "prev",
      "timestamp",
      "game_id",
      "data",
    ]);
    const fields = Object.keys(eventDataSchemas["agent.moved"].shape);
    expect(fields).toEqual(["agent_id", "position", "scene_id", "sequence"]);
    expect(Object.keys(placeSchema.shape)).toEqual(["x", "y", "z"]);
  });
});
