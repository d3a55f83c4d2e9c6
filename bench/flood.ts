import { readFileSync } from "node:fs";
import { startAttacker } from "../test/attack/attacker-process.js";
import { quantile } from "./measure.js";
import type { Report } from "./report.js";
import { startAgentvm } from "./servers.js";

const ROUNDS = 5;
const SECONDS_A_ROUND = 4;

/** Megabytes of heap that the flooded server is given. */
const HEAP_MEGABYTES = 512;

/** One game floods the server with the largest tasks that there can be; what that does to its memory, and to another game's calls. */
export async function benchFlood(report: Report): Promise<void> {
  const server = await startAgentvm([], [`--max-old-space-size=${HEAP_MEGABYTES}`]);
  const quiet: number[] = [];
  const flooded: number[] = [];
  try {
    await healthTimes(server.url);
    for (let round = 0; round < ROUNDS; round += 1) {
      quiet.push(...(await healthTimes(server.url)));
      const attacker = await startAttacker(server.url, ["fillsTheMemory", "fillsWhatIsRemembered"]);
      try {
        flooded.push(...(await healthTimes(server.url)));
      } finally {
        await attacker.stop();
      }
    }
    const peak = peakMegabytes(server.pid);
    report.section(
      `One game floods agentvm serve (heap of ${HEAP_MEGABYTES} MB): GET /health of another, milliseconds`,
    );
    report.table(
      ["the server is", "calls", "p50", "p99"],
      [
        ["left alone", quiet.length, quantile(quiet, 0.5), quantile(quiet, 0.99)],
        ["flooded", flooded.length, quantile(flooded, 0.5), quantile(flooded, 0.99)],
      ],
    );
    report.note(`The most memory that the process held: ${peak.toFixed(0)} MB.`);
    report.want("p99 of /health, flooded to left alone", quantile(flooded, 0.99) / quantile(quiet, 0.99), {
      atMost: 3,
    });
    report.want("MB of the flooded server", peak, { atMost: 300 });
  } finally {
    await server.stop();
  }
}

/** How long calls took, one after the other, for some seconds. */
async function healthTimes(url: string): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + SECONDS_A_ROUND * 1_000;
  while (performance.now() < end) {
    const begin = performance.now();
    await (await fetch(`${url}/health`)).arrayBuffer();
    times.push(performance.now() - begin);
  }
  return times;
}

/** The most resident memory that a process has ever had. */
function peakMegabytes(pid: number): number {
  const [, kilobytes = ""] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_000;
}
