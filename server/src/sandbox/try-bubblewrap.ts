import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProcesses } from "../processes/create-processes.js";
import { allowedEnvironment } from "../processes/environment.js";
import type { Variables } from "../processes/environment.js";
import type { Redactor } from "../processes/redact/redactor.js";
import { findProgram } from "../processes/unstartable.js";
import { homeOf } from "../state-folder.js";
import { bubblewrap } from "./bubblewrap.js";

/** Whether programs can be sandboxed on this machine. */
export type Tried =
  | { readonly works: true; readonly bwrap: string; readonly version: string | null }
  /** Why not, and what to do about it. */
  | { readonly works: false; readonly found: string; readonly remedy: string };

/** Milliseconds that a program which does nothing may take in it. */
const TRIAL_MS = 15_000;

const INSTALL =
  "Install it (apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap), or do without --sandbox.";

const ALLOW =
  'Allow this user to make namespaces: "sysctl kernel.unprivileged_userns_clone=1" on Debian, an AppArmor profile for bwrap or "sysctl kernel.apparmor_restrict_unprivileged_userns=0" on Ubuntu; in Docker "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined". Or do without --sandbox.';

/** Looks for bubblewrap, and runs a program that does nothing in it. */
export async function tryBubblewrap(
  env: Variables,
  { network, redactor }: { readonly network: boolean; readonly redactor: Redactor },
): Promise<Tried> {
  if (process.platform !== "linux")
    return {
      works: false,
      found: "bubblewrap is for Linux alone",
      remedy: "Run the agents on Linux or in a virtual machine, or do without --sandbox.",
    };
  const environment = allowedEnvironment(env);
  const bwrap = findProgram("bwrap", environment);
  if (bwrap === null)
    return { works: false, found: "bubblewrap (bwrap) is not installed, or not in PATH", remedy: INSTALL };
  const scratch = mkdtempSync(join(tmpdir(), "agentvm-trial-"));
  const sandbox = bubblewrap({
    ...{ bwrap, network, directory: null, scratch, needs: null, kept: scratch, read: [], write: [] },
    home: homeOf(env),
  });
  const task = { task: randomUUID(), directories: [], redactor };
  const [inside, outside] = [createProcesses({ ...task, sandbox }), createProcesses(task)];
  const how = { directory: "/", environment, silentMs: TRIAL_MS };
  try {
    const tried = inside.start("true", [], how);
    const exit = await tried.exited;
    if (exit.kind !== "code" || exit.code !== 0) {
      const said = tried.errorText().trim().split("\n").at(-1) ?? "";
      const why = said === "" ? `it ended with ${JSON.stringify(exit)}` : said;
      return {
        works: false,
        found: `bubblewrap is here (${bwrap}) and does not work: ${why}`,
        remedy: ALLOW,
      };
    }
    const asked = outside.start(bwrap, ["--version"], how);
    let version: string | null = null;
    for await (const line of asked.lines) version ??= /\d+\.\d+\S*/.exec(line)?.[0] ?? null;
    return { works: true, bwrap, version };
  } finally {
    await Promise.all([inside.close(), outside.close()]);
    rmSync(scratch, { recursive: true, force: true });
  }
}
