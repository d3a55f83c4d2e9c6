import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

/** Where the recorded event logs are: the runs in order, an empty line between two, an event a line. */
export const recordedRuns = fileURLToPath(new URL("./event-logs.br", import.meta.url));

/** The recorded event logs, by run. */
export function readRecordedRuns(): string[][] {
  const text = brotliDecompressSync(readFileSync(recordedRuns)).toString("utf8");
  return text.split("\n\n").map((run) => run.split("\n"));
}
