import { chmodSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes a task's scratch folder, whatever programs have left there: some make their folders read-only. What cannot be removed stays. */
export function removeScratch(folder: string): void {
  if (removed(folder)) return;
  try {
    open(folder);
  } catch {
    // Then it is tried as it is.
  }
  removed(folder);
}

function removed(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/** Makes a folder and those in it one's own to remove from. */
function open(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) open(join(folder, entry.name));
}
