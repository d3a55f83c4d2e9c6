/** Writes the event logs that the backend must go on giving. To be run before a change that may not change them. */
import { writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { recordedRuns } from "./recorded-runs.js";
import { playSeededRun, RUNS } from "./seeded-run.js";

const runs: string[][] = [];
for (let seed = 1; seed <= RUNS; seed += 1) runs.push((await playSeededRun(seed)).events);
const text = runs.map((events) => events.join("\n")).join("\n\n");
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
const bytes = brotliCompressSync(text, { params });
writeFileSync(recordedRuns, bytes);
console.log(`${runs.flat().length} events of ${RUNS} runs, ${bytes.length} bytes`);
