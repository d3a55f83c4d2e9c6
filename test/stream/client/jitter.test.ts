import { describe, expect, it } from "vitest";
import { BACKOFF_BASE_MS } from "../../../src/client/stream/backoff.js";
import * as core from "../../../src/lazy/live.js";
import { EventStream } from "../../../src/client/stream/event-stream.js";
import { FakeServer } from "./support/fake-server.js";
import { welcome } from "./support/frames.js";
import { seededRandom } from "./support/random.js";
import { VirtualClock } from "./support/virtual-clock.js";

const CLIENTS = 1_000;
const BINS = 20;

/** 999 of 1,000 truly even spreads over 20 bins have a chi-square under this (19 degrees of freedom). */
const CHI_SQUARE_LIMIT = 43.82;

/** One restart of a server with 1,000 clients: when each of them came back, at its nth try, in ms after the last. */
async function restart(tries: number): Promise<number[][]> {
  const clock = new VirtualClock();
  const server = new FakeServer();
  const random = seededRandom(2_026);
  let isDown = false;
  const waits: number[][] = Array.from({ length: tries }, () => []);
  server.onconnect = (socket) =>
    queueMicrotask(() => (isDown ? socket.end(1006) : socket.accept().tell(welcome())));
  const streams = Array.from({ length: CLIENTS }, () => {
    const stream = new EventStream({
      url: () => "ws://agentvm.localhost/ws",
      credentials: () => Promise.resolve({ api_key: "key" }),
      snapshot: () => Promise.reject(new Error("not asked")),
      commandError: (body) => new Error(body.error),
      WebSocket: server.WebSocket,
      clock,
      random,
      lifecycle: null,
      load: () => Promise.resolve(core),
    });
    let retries = 0;
    stream.on("connection", ({ current }) => {
      if (current.status !== "waiting") return;
      waits[retries]?.push(current.retryAt - clock.now());
      retries += 1;
      if (retries >= tries) stream.close();
    });
    stream.open();
    return stream;
  });
  await clock.advance(20_000);
  expect(streams.every(({ state }) => state.status === "live")).toBe(true);
  isDown = true;
  for (const socket of [...server.sockets]) socket.end(1012);
  await clock.advance(60_000);
  for (const stream of streams) stream.close();
  expect(clock.pending).toBe(0);
  return waits;
}

function histogram(waits: readonly number[], ceiling: number): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (const wait of waits) {
    const bin = Math.floor((wait / ceiling) * BINS);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

function draw(bins: readonly number[], ceiling: number): string {
  return bins
    .map((count, bin) => {
      const from = Math.round((bin * ceiling) / BINS);
      const to = Math.round(((bin + 1) * ceiling) / BINS);
      return `  ${String(from).padStart(5)} to ${String(to).padStart(5)} ms ${String(count).padStart(4)} ${"#".repeat(count)}`;
    })
    .join("\n");
}

describe("1,000 clients after one restart", () => {
  it("come back spread as full jitter spreads them, from the first retry on", async () => {
    const waits = await restart(4);
    waits.forEach((times, retry) => {
      const ceiling = BACKOFF_BASE_MS * 2 ** retry;
      const bins = histogram(times, ceiling);
      const even = CLIENTS / BINS;
      const chiSquare = bins.reduce((sum, count) => sum + (count - even) ** 2 / even, 0);
      console.log(
        `Retry ${retry + 1} of ${CLIENTS} clients, chi-square ${chiSquare.toFixed(1)} (limit ${CHI_SQUARE_LIMIT})\n${draw(bins, ceiling)}`,
      );
      expect(times).toHaveLength(CLIENTS);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...times)).toBeLessThan(ceiling);
      expect(chiSquare).toBeLessThan(CHI_SQUARE_LIMIT);
    });
  });
});
