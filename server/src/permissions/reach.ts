import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Tells which paths are in the project that an agent works on. */
export interface Reach {
  /**
   * The paths as they are from the project's folder on, with `/`; null as soon as one of them is outside, whatever links lead there, or
   * belongs to git itself.
   */
  within(paths: readonly string[]): readonly string[] | null;
}

/** What can be reached from a folder. */
export function reachOf(directory: string): Reach {
  const root = realpathSync(directory);
  const inside = (path: string): string | null => {
    const real = realOf(resolve(directory, path));
    const from = relative(root, real);
    if (from === ".." || from.startsWith(`..${sep}`) || isAbsolute(from)) return null;
    const parts = from.split(sep);
    // What git keeps there may run commands, and leads to the person's own repository.
    return parts.some((part) => part.toLowerCase() === ".git") ? null : parts.join("/");
  };
  return {
    within(paths) {
      const found: string[] = [];
      for (const path of paths) {
        const one = path.includes("\0") ? null : inside(path);
        if (one === null) return null;
        found.push(one);
      }
      return found;
    },
  };
}

/** Where a path leads when all links in it are followed, also when its end is not there yet. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path
      ? path
      : join(realOf(parent), path.slice(parent.length + (parent.endsWith(sep) ? 0 : 1)));
  }
}
