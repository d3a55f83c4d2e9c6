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

/** What tasks, agents and results tell since then, as it is where nobody asks, changes or counts anything: the simulation does not. */
const ADDED =
  /,"attempt":1,"question":null,"changes":null,"usage":null,"continues":null|,"changes":null,"usage":null|,"parent_agent_id":null/g;

/** A line of today without what was not told when the logs were recorded. */
export function asRecorded(line: string): string {
  return line.replace(ADDED, "");
}

const MOVE = '{"type":"agent.moved"';

/**
 * A recorded log without its moves, the others numbered as if there had been none. When the logs were recorded, moves were numbered
 * events like all others; since then they stand beside the stream, in `latest` frames, have the place of the event before them
 * and use up none. That is all the difference: which other events there are, their order, times, ids and data are as they were.
 */
export function withoutMoves(events: readonly string[]): string[] {
  const moves: number[] = [];
  const numbered: string[] = [];
  const placeOf = (place: number): number => place - moves.filter((seq) => seq <= place).length;
  for (const event of events) {
    const [, head = "", seq = "", prev = ""] = /^(.*?"seq":)(\d+),"prev":(\d+)/.exec(event) ?? [];
    if (event.startsWith(MOVE)) moves.push(Number(seq));
    else {
      const rest = event.slice(`${head}${seq},"prev":${prev}`.length);
      numbered.push(`${head}${placeOf(Number(seq))},"prev":${placeOf(Number(prev))}${rest}`);
    }
  }
  return numbered;
}

/** What a recorded log says of moves, without the places and the times of the log around them. */
export function movesIn(events: readonly string[]): string[] {
  return events
    .filter((event) => event.startsWith(MOVE))
    .map((event) => event.replace(/"seq":\d+,("prev":\d+,)?/, ""));
}
