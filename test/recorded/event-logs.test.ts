import { beforeAll, describe, expect, it } from "vitest";
import { readRecordedRuns } from "./recorded-runs.js";
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
    "gives the same event log, byte for byte: seeds from %i on",
    async (first) => {
      for (let seed = first; seed < first + 20; seed += 1) {
        expect(await playSeededRun(seed), `seed ${seed}`).toEqual(recorded[seed - 1]);
      }
    },
  );
});
