import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod";

/** A process, told apart from one that has got the same number later. */
export const ownerSchema = z.object({
  host: z.string(),
  /** One run of the machine; empty where it does not tell. */
  boot: z.string(),
  pid: z.number(),
  /** When it was started, in the words of the machine; empty where it does not tell. */
  started: z.string(),
});
export type Owner = z.output<typeof ownerSchema>;

let self: Owner | undefined;

/** This process. */
export function thisProcess(): Owner {
  self ??= { host: hostname(), boot: bootOf(), pid: process.pid, started: startOf(process.pid) ?? "" };
  return self;
}

/** Whether a process is there still; `unknown` where it is another machine's. */
export function fateOf(owner: Owner): "alive" | "dead" | "unknown" {
  const here = thisProcess();
  if (owner.host !== here.host) return "unknown";
  if (owner.boot !== here.boot) return "dead";
  const started = startOf(owner.pid);
  return started === null || started !== owner.started ? "dead" : "alive";
}

/** When a process was started; null where there is none of this number, or what is left of it waits to be collected. */
function startOf(pid: number): string | null {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name before stands in parentheses, and may hold anything.
      const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state === "Z" || state === "X" ? null : (fields[18] ?? "");
    } catch {
      return null;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  if (process.platform === "win32") return "";
  try {
    const args = ["-o", "lstart=", "-p", `${pid}`];
    return execFileSync("ps", args, {
      encoding: "utf8",
      timeout: 5_000,
      env: { ...process.env, LC_ALL: "C" },
    }).trim();
  } catch {
    return "";
  }
}

function bootOf(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
