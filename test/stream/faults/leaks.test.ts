import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startMockServer } from "../../../mock-server/node.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What the child process says of itself. */
interface Told {
  readonly lives: number;
  readonly counts: Readonly<Record<"before" | "during" | "after", Readonly<Record<string, number>>>>;
}

describe("A client after 200 reconnects and close()", () => {
  it(
    "leaves the process with the timers, sockets, handles and listeners that it had before",
    { timeout: 120_000 },
    async () => {
      const server = await startMockServer({
        port: 0,
        seed: 1,
        limits: { rate_limit_per_minute: 1_000_000 },
      });
      const child = spawn(
        process.execPath,
        [
          "--expose-gc",
          "--import",
          import.meta.resolve("tsx"),
          `${root}test/stream/faults/reconnecting-client.ts`,
        ],
        {
          env: { PATH: process.env["PATH"], SERVER_URL: server.url },
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
      const [code] = await once(child, "close");
      expect(code).toBe(0);
      const told: Told = JSON.parse(out);
      expect(told.lives).toBeGreaterThanOrEqual(200);
      // The counting counts.
      const { sockets = 0, timers = 0, listenersOfSignal = 0, listenersOfScope = 0 } = told.counts.during;
      expect(Math.min(sockets, timers, listenersOfSignal, listenersOfScope)).toBeGreaterThan(0);
      expect(told.counts.after).toEqual(told.counts.before);
      // The server has let go of all of them too.
      expect(server.backend.hub.connections).toBe(0);
      await server.close({ graceMs: 500 });
    },
  );
});
