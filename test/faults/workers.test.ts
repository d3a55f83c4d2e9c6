import { describe, expect, it } from "vitest";
import { runWorkers, TASKS } from "./worker-run.js";

const RUNS = 1_000;
const BLOCKS = 20;

describe("workers that die, lie, are cut off and come back", () => {
  const blocks = Array.from({ length: BLOCKS }, (_, block) => (block * RUNS) / BLOCKS);

  it.each(blocks)(
    "end each task once, and nothing of an attempt that is over is taken: 50 runs from seed %i",
    async (from) => {
      let attempts = 0;
      let faults = 0;
      for (let seed = from; seed < from + RUNS / BLOCKS; seed += 1) {
        const run = await runWorkers(seed);
        const ends = [...run.ends.values()].map(({ length }) => length);
        expect({ seed, problems: run.problems, ends }).toEqual({
          seed,
          problems: [],
          ends: Array.from({ length: TASKS }, () => 1),
        });
        attempts += run.attempts;
        faults += run.faults;
      }
      // Without these nothing would have been tried.
      expect(attempts).toBeGreaterThan((TASKS + 1) * (RUNS / BLOCKS));
      expect(faults).toBeGreaterThan(RUNS / BLOCKS);
    },
  );

  it("do the same again for the same seed", async () => {
    expect(await runWorkers(7)).toEqual(await runWorkers(7));
  });
});
