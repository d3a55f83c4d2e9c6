import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AddonError } from "./addon-error.js";

/** Where the addon stands in a Godot project, and in this package. */
export const ADDON = "addons/agentvm";

/** The addon that this package brings along. Its folder is looked for upwards, since a build lies elsewhere than the source. */
export function packagedAddon(from: string = dirname(fileURLToPath(import.meta.url))): string {
  const folder = join(from, ADDON);
  if (existsSync(join(folder, "plugin.cfg"))) return folder;
  const above = dirname(from);
  if (above !== from) return packagedAddon(above);
  throw new AddonError(
    "addon_missing",
    "This installation of oligarchy-agentvm has no Godot addon in it.",
    "Install the package again: npm install oligarchy-agentvm.",
  );
}

/** The files below a folder by their path in it, with slashes, in order. */
export function filesBelow(folder: string, inside = ""): readonly string[] {
  return readdirSync(join(folder, inside), { withFileTypes: true })
    .flatMap((entry) => {
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    })
    .sort();
}

/** The version in an addon's plugin.cfg; null where there is none. */
export function versionOf(folder: string): string | null {
  const file = join(folder, "plugin.cfg");
  if (!existsSync(file)) return null;
  return /^version="(.*)"$/m.exec(readFileSync(file, "utf8"))?.[1] ?? null;
}

/**
 * Whether a file in a project's addon belongs to that project: the settings of the first plugin, and what the editor writes
 * beside a file that the addon still has.
 */
export function isTheProjects(path: string, packaged: ReadonlySet<string>): boolean {
  if (path === "config.ini") return true;
  const made = /\.(import|uid)$/.exec(path);
  return made !== null && !packaged.has(path) && packaged.has(path.slice(0, made.index));
}
