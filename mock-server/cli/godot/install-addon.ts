import { copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ADDON, filesBelow, isTheProjects, versionOf } from "./addon-files.js";
import { AddonError } from "./addon-error.js";

/** What an install did. */
export interface Installed {
  readonly version: string | null;
  /** The version that was there; null where there was none. */
  readonly replaced: string | null;
  readonly files: number;
}

/**
 * Puts this package's addon into a project. The new copy is made beside the old one and then takes its place, so that a
 * project has the one or the other and never a mixture. The editor looks into no folder whose name begins with a dot.
 */
export function installAddon(packaged: string, project: string): Installed {
  const place = join(project, ADDON);
  const fresh = join(dirname(place), ".agentvm-new");
  const former = join(dirname(place), ".agentvm-old");
  try {
    refuseOther(place);
    mkdirSync(dirname(place), { recursive: true });
    // An install that was killed between the two renames left the only copy there.
    if (existsSync(former) && !existsSync(place)) renameSync(former, place);
    for (const left of [fresh, former]) rmSync(left, { recursive: true, force: true });
    const replaced = versionOf(place);
    cpSync(packaged, fresh, { recursive: true });
    keepTheProjects(place, fresh);
    swap({ place, fresh, former });
    return { version: versionOf(place), replaced, files: filesBelow(packaged).length };
  } catch (thrown) {
    if (thrown instanceof AddonError) throw thrown;
    discard(fresh);
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AddonError(
      "install_failed",
      `The addon could not be put into ${place}: ${why}.`,
      "Close the Godot editor, see that you may write there and that the disk is not full, and try again.",
    );
  }
}

/** The failure to be told is another; what cannot be removed now is removed by the next install. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** A link leads to a folder that is not this project's to replace. */
function refuseOther(place: string): void {
  const there = lstatSync(place, { throwIfNoEntry: false });
  if (there === undefined || there.isDirectory()) return;
  throw new AddonError(
    "not_a_folder",
    `${place} is ${there.isSymbolicLink() ? "a link" : "a file"}, which is left as it is.`,
    "Remove it to have a copy there.",
  );
}

function keepTheProjects(place: string, fresh: string): void {
  if (!existsSync(place)) return;
  const packaged = new Set(filesBelow(fresh));
  for (const path of filesBelow(place)) {
    if (isTheProjects(path, packaged)) copyFileSync(join(place, path), join(fresh, path));
  }
}

function swap({ place, fresh, former }: Record<"place" | "fresh" | "former", string>): void {
  if (!existsSync(place)) {
    renameSync(fresh, place);
    return;
  }
  renameSync(place, former);
  try {
    renameSync(fresh, place);
  } catch (thrown) {
    renameSync(former, place);
    throw thrown;
  }
  rmSync(former, { recursive: true, force: true });
}
