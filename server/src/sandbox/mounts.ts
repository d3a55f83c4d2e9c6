import { existsSync, realpathSync } from "node:fs";
import { sep } from "node:path";

/** One place in a sandbox, and what is seen there. */
export interface Mount {
  /** Where it is seen. */
  readonly path: string;
  /** What is seen there: a path of the machine. */
  readonly from: string;
  readonly writable: boolean;
}

/** What is there may be looked at, by the name that it is given and by its real one; what is not there is left out. */
export function seen(path: string, writable = false): readonly Mount[] {
  if (!existsSync(path)) return [];
  const real = realpathSync(path);
  return [...new Set([path, real])].map((name) => ({ path: name, from: real, writable }));
}

/**
 * The arguments by which bubblewrap mounts them: folders before what is in them, whichever is writable, so that the narrower rule holds. Of
 * two at one place the later one holds.
 */
export function mountArgs(mounts: readonly Mount[]): readonly string[] {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  const inOrder = [...byPath.values()].sort((one, other) => depth(one.path) - depth(other.path));
  return inOrder.flatMap(({ path, from, writable }) => [writable ? "--bind" : "--ro-bind", from, path]);
}

function depth(path: string): number {
  return path.split(sep).filter((part) => part !== "").length;
}

/** Whether a path is a folder's own or in it. */
export function isIn(path: string, folder: string): boolean {
  return folder === sep || path === folder || path.startsWith(`${folder}${sep}`);
}

/** Whether a folder is a person's home, or holds it: with it nothing would be hidden. */
export function holdsHome(folder: string, home: string): boolean {
  return isIn(home, folder) || isIn(realOf(home), realOf(folder));
}

/** Where a path leads; itself where it is not there. */
export function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
