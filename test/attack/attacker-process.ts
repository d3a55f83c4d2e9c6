import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { attacks } from "./attacks.js";

/** An attacker in a process of its own, which takes nothing of the event loop of whoever looks on. */
export interface AttackerProcess {
  stop(): Promise<void>;
}

/** Starts the attacks named, all of them where none is, and waits until they are under way. */
export async function startAttacker(
  url: string,
  names: readonly (keyof typeof attacks)[] = [],
): Promise<AttackerProcess> {
  const program = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), program, url, ...names], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const begun = await Promise.race([once(lines, "line"), ended.then(() => null)]);
  if (begun === null) throw new Error(`The attacker did not begin: exit code ${String(child.exitCode)}.`);
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
      lines.close();
    },
  };
}
