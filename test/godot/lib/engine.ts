import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildGodotScripts } from "../../../scripts/godot/build-script.js";

/** The root of this repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

function works(binary: string): boolean {
  const asked = spawnSync(binary, ["--headless", "--version"], { encoding: "utf8", timeout: 30_000 });
  return asked.status === 0 && asked.stdout.startsWith("4.");
}

function find(): string | null {
  const named = process.env["GODOT_BIN"];
  if (named !== undefined && named !== "") {
    if (works(named)) return named;
    throw new Error(`GODOT_BIN is ${named}, which is no Godot 4 that runs here.`);
  }
  return works("godot") ? "godot" : null;
}

/** The Godot 4 editor that the tests use: GODOT_BIN, else `godot` on the path; null where there is none. */
export const godot = find();

/** Why tests that need the engine are skipped; null when they are not. In CI they may not be. */
export const skipReason: string | null =
  godot !== null || process.env["CI"] === "true"
    ? null
    : "no Godot 4: set GODOT_BIN or put godot on the path";

/** A copy of a project with the addon in it, its scripts built anew, in a folder of its own. */
export async function copyProject(source: string): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-godot-"));
  cpSync(join(root, source), folder, {
    recursive: true,
    filter: (path) => !/[\\/](\.godot|build)$/.test(path),
  });
  cpSync(join(root, "addons/agentvm"), join(folder, "addons/agentvm"), { recursive: true });
  const web = join(folder, "addons/agentvm/web");
  for (const [name, script] of await buildGodotScripts()) writeFileSync(join(web, name), script);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the engine printed, on both channels in order, and how it ended. */
export interface EngineRun {
  readonly output: string;
  readonly code: number | null;
  /** Lines that the engine marks as errors, whatever its exit code says. */
  readonly errors: readonly string[];
}

/** Runs the engine without a window. It is killed after `timeoutMs`. */
export async function runEngine(
  project: string,
  args: readonly string[],
  options: { readonly timeoutMs?: number; readonly env?: Record<string, string> } = {},
): Promise<EngineRun> {
  if (godot === null) throw new Error("There is no Godot 4: set GODOT_BIN or put godot on the path.");
  const child = spawn(godot, ["--headless", "--path", project, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const take = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const timer = setTimeout(() => {
    output += `\nERROR: killed after ${options.timeoutMs ?? 120_000} ms\n`;
    child.kill("SIGKILL");
  }, options.timeoutMs ?? 120_000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearTimeout(timer);
  const errors = output.split("\n").filter((line) => /^\s*(SCRIPT ERROR|ERROR|USER ERROR)\b/.test(line));
  return { output, code, errors };
}
