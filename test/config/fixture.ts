import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { LoadConfigOptions } from "../../src/config/index.js";
import { loadConfig } from "../../src/config/index.js";
import { ConfigError } from "../../src/errors/index.js";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project folder with the given files, removed after the test. */
export function project(files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-config-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Loads with nothing of this machine's environment in it. */
export function load(cwd: string, options: Omit<LoadConfigOptions, "cwd"> = {}) {
  return loadConfig({ env: {}, ...options, cwd });
}

/** The error that loading gives; a test fails here when there is none. */
export function errorOf(cwd: string, options: Omit<LoadConfigOptions, "cwd"> = {}): ConfigError {
  try {
    load(cwd, options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("The configuration was taken, though it should have been refused.");
}

/** The error of a development profile with this text. */
export function errorIn(profile: string | Uint8Array, env: Record<string, string> = {}): ConfigError {
  return errorOf(project({ "configs/development.yaml": profile }), { env });
}
