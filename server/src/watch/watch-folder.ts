import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Variables } from "../processes/environment.js";
import { stateFolder } from "../state-folder.js";

/** Where what is watched is kept, for nobody but the person. */
export interface WatchFolder {
  readonly folder: string;
  /** The program that hooks call, in a place that stays when the package is installed anew. */
  readonly hook: string;
  /** Says where the watcher listens. */
  readonly door: string;
  /** What was made in the settings of projects. */
  readonly installed: string;
  /** The sessions that are there, for a watcher that is started anew. */
  readonly sessions: string;
  /** What Claude Code is to call. It ends well whatever is wrong, and says nothing. */
  readonly command: string;
}

/** The folder, which need not be there. */
export function watchFolder(env: Variables): WatchFolder {
  const folder = join(stateFolder(env), "watch");
  const hook = join(folder, "hook.mjs");
  const door = join(folder, "door.json");
  const command = `${quoted(process.execPath)} ${quoted(hook)} ${quoted(door)} 2>/dev/null || true`;
  const [installed, sessions] = [join(folder, "installed.json"), join(folder, "sessions.json")];
  return { folder, hook, door, installed, sessions, command };
}

/** Makes the folder, and puts the program there that hooks call. */
export function makeWatchFolder({ folder, hook }: WatchFolder): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(fileURLToPath(new URL("./hook.js", import.meta.url)), hook);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
