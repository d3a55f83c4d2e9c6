import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, pack } from "../../scripts/lib/installed.js";
import { mustRun } from "../../scripts/lib/run.js";

const here = import.meta.dirname;

/** Where what others build with is installed. */
export const tools = join(here, "tools");

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
}

/** A project of somebody who has installed the packed package and nothing else of this repository. */
export interface Consumer {
  readonly folder: string;
  /** Runs a command in the project. */
  run(command: string, ...args: readonly string[]): Promise<Ran>;
  remove(): void;
}

/** Installs what others build and run with, once for each change of the list. */
export function installTools(): void {
  const lock = join(tools, "package-lock.json");
  const installed = join(tools, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  mustRun("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: tools });
}

/** Packs the package as npm would publish it, and installs it in a new project, with the programs of these tests. */
export function newConsumer(...alongside: readonly string[]): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-consumer-"));
  const packed = join(folder, "packed");
  mkdirSync(packed);
  install(folder, pack(packed));
  if (alongside.length > 0) {
    const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    mustRun("npm", ["install", ...flags, ...alongside], { cwd: folder });
  }
  // Whatever stands in programs/ can be run on the packed package: a new one needs no more than a test that runs it.
  cpSync(join(here, "programs"), folder, { recursive: true });
  return {
    folder,
    run: (command, ...args) =>
      new Promise((resolve) => {
        const env = { PATH: process.env["PATH"], HOME: folder, NO_COLOR: "1" };
        execFile(command, args, { cwd: folder, env, timeout: 60_000 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          resolve({ code, out: `${stdout}${stderr}`.trim() });
        });
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A command of what others build and run with. */
export function tool(name: "bun" | "deno"): string {
  return join(tools, "node_modules/.bin", name);
}
