import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, isTheProjects, versionOf } from "./addon-files.js";

/** How a project's addon stands beside the one of this package. */
export interface Comparison {
  /** The version in this package. */
  readonly version: string | null;
  /** The version in the project; null where the addon is not there. */
  readonly installed: string | null;
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Files that this version of the addon does not have. */
  readonly stale: readonly string[];
}

/** Compares file by file. What belongs to the project, and how the editor imports an image there, may be its own. */
export function compareAddon(packaged: string, installed: string): Comparison {
  const wanted = filesBelow(packaged);
  const names = new Set(wanted);
  const there = existsSync(installed) ? filesBelow(installed) : [];
  const has = new Set(there);
  const differs = (path: string): boolean =>
    !readFileSync(join(packaged, path)).equals(readFileSync(join(installed, path)));
  return {
    version: versionOf(packaged),
    installed: versionOf(installed),
    missing: wanted.filter((path) => !has.has(path)),
    changed: wanted.filter((path) => has.has(path) && !path.endsWith(".import") && differs(path)),
    stale: there.filter((path) => !names.has(path) && !isTheProjects(path, names)),
  };
}

/** Whether nothing would be other after an install. */
export function isCurrent({ missing, changed, stale }: Comparison): boolean {
  return missing.length === 0 && changed.length === 0 && stale.length === 0;
}
