import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Environment } from "./environment.js";

/**
 * The path of a program: itself where it is one, else the first in PATH that may be run; null where there is none. Folders of PATH that
 * depend on where one is do not count: in a worktree anybody could have put a program there.
 */
export function findProgram(program: string, environment: Environment): string | null {
  if (program.includes("/")) return isProgram(program) ? program : null;
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, program)).find(isProgram) ?? null;
}

/** What hinders a program from being started, as far as that is seen before; null where nothing does. */
export function hindrance(program: string, directory: string, environment: Environment): string | null {
  if (!isFolder(directory)) {
    return `${directory}, where ${program} was to run, is not there any more. Was the folder deleted while the task waited?`;
  }
  if (findProgram(program, environment) !== null) return null;
  if (!program.includes("/")) {
    return `${program} is not installed, or not in PATH. Install it, or name its path in the profile.`;
  }
  if (isFolder(program)) return `${program} is a folder. Name the program in it.`;
  return isThere(program)
    ? `${program} may not be run. Make it executable: chmod +x ${program}`
    : `${program} is not there. Install it, or name its path in the profile.`;
}

/** Why the system would not start a program, for somebody who is to do something about it. */
export function refusal(program: string, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ENOENT":
      return `${program} cannot be run: ${interpreterOf(program)} is not there.`;
    case "EACCES":
    case "EPERM":
      return `${program} may not be run by this user: see to its permissions, and to those of the folder.`;
    case "E2BIG":
      return `${program} was not started: its arguments and variables are longer than the system takes. Shorten those of the profile.`;
    case "EAGAIN":
    case "ENOMEM":
    case "EMFILE":
    case "ENFILE":
      return `${program} was not started: the machine has no room for another process (${code}). Run fewer tasks at once.`;
    case "ERR_INVALID_ARG_VALUE":
      return `${program} was not started: one of its arguments or variables holds a NUL character. See to the profile.`;
    default:
      return `${program} was not started: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** What a script says that it is run by, which is what is missing where the script itself is there. */
function interpreterOf(program: string): string {
  try {
    const [line = ""] = readFileSync(program, "latin1").slice(0, 256).split("\n");
    if (line.startsWith("#!")) return `the interpreter that its first line names, ${line.slice(2).trim()},`;
  } catch {
    // Then it cannot be said more closely.
  }
  return "something that it needs";
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}
