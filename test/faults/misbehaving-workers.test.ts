import { expect, it } from "vitest";
import { loadLateCode } from "../lib/late-code.js";
import { WorkerRun } from "./misbehaving-run.js";

/** `WORKER_RUNS` makes them fewer or more; `WORKER_SEED` is the one to repeat, as a failure tells it. */
const RUNS = Number(process.env["WORKER_RUNS"] ?? 1_000);
const ONLY = process.env["WORKER_SEED"];

const STEPS = 40;

it("ends every task once, and takes no report of an attempt after its last, whatever workers, players and the network do", async () => {
  await loadLateCode();
  const seeds = ONLY === undefined ? Array.from({ length: RUNS }, (_, seed) => seed) : [Number(ONLY)];
  const failed: string[] = [];
  for (const seed of seeds) {
    try {
      await new WorkerRun(seed).play(STEPS);
    } catch (error) {
      failed.push(`WORKER_SEED=${seed} ${error instanceof Error ? error.stack : String(error)}`);
      if (failed.length > 4) break;
    }
  }
  expect(failed).toEqual([]);
}, 120_000);
