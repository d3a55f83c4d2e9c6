import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A real `agentvm serve` in a process of its own. */
export interface ServeProcess {
  readonly port: number;
  /** Ends it: `SIGTERM` asks it to leave in order, `SIGKILL` pulls the plug. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Starts the command and waits until it listens. */
export async function startServe(args: readonly string[]): Promise<ServeProcess> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      import.meta.resolve("tsx"),
      `${root}mock-server/cli/main.ts`,
      "serve",
      "--port",
      "0",
      "--json",
      ...args,
    ],
    { cwd: tmpdir(), env: { PATH: process.env["PATH"] }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const closed = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const first = new Promise<string | null>((resolve) => {
    lines.once("line", resolve);
    void closed.then(() => resolve(null));
  });
  const line = await first;
  const listening: unknown = line === null ? null : JSON.parse(line);
  if (typeof listening !== "object" || listening === null || !("port" in listening)) {
    throw new Error(`agentvm serve did not begin: ${said}`);
  }
  return {
    port: Number(listening.port),
    stop: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
      lines.close();
      if (said !== "") throw new Error(`agentvm serve complained: ${said}`);
    },
  };
}
