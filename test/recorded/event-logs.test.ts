import { beforeAll, describe, expect, it } from "vitest";
import { asRecorded, movesIn, readRecordedRuns, withoutMoves } from "./recorded-runs.js";
import { playSeededRun, RUNS } from "./seeded-run.js";

describe("a recorded run, played again", { timeout: 60_000 }, () => {
  let recorded: string[][] = [];

  beforeAll(() => {
    recorded = readRecordedRuns();
  });

  it("is one of two hundred, in which every kind of event happens", () => {
    expect(recorded).toHaveLength(RUNS);
    const types = new Set(recorded.flat().map((line) => /"type":"([^"]+)"/.exec(line)?.[1]));
    expect(types.size).toBe(13);
  });

  it.each(Array.from({ length: 10 }, (_, place) => place * 20 + 1))(
    "gives the same event log, byte for byte, and the same moves beside it: seeds from %i on",
    async (first) => {
      for (let seed = first; seed < first + 20; seed += 1) {
        const wanted = recorded[seed - 1] ?? [];
        const { events, moves } = await playSeededRun(seed);
        expect(events.map(asRecorded), `seed ${seed}`).toEqual(withoutMoves(wanted));
        expect(movesIn(moves), `seed ${seed}`).toEqual(movesIn(wanted));
      }
    },
  );
});
