import { closeSync, openSync, readSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, sep } from "node:path";
import type { Environment } from "../processes/environment.js";
import { holdsHome, realOf } from "./mounts.js";

/** Bytes at the beginning of a script in which its interpreter is named. */
const FIRST_LINE_MAX = 256;

/** What belongs to the programs of a folder and stands beside it: libraries, and what says that it is an environment of Python's. */
const BESIDE = ["lib", "lib64", "pyvenv.cfg"];

/** What has to be seen so that the programs in PATH run: their folders, with the libraries beside them. */
export function pathFolders(environment: Environment, home: string): readonly string[] {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.filter((folder) => !holdsHome(folder, home)).flatMap((folder) => withLibraries(folder));
}

/**
 * What has to be seen so that a program runs: its folder, that of what it leads to, and its interpreter's. Of one that lies in the home itself,
 * or above it, it is the file alone.
 */
export function programFolders(program: string, home: string): readonly string[] {
  const interpreter = interpreterOf(program);
  const paths = [program, ...(interpreter === null ? [] : [interpreter])].filter((path) => isAbsolute(path));
  return paths.flatMap((path) => {
    const names = [path, realOf(path)];
    return names.flatMap((name) => {
      const folder = packageOf(name) ?? dirname(name);
      return holdsHome(folder, home) ? [name] : withLibraries(folder);
    });
  });
}

function withLibraries(folder: string): readonly string[] {
  const isBin = basename(folder) === "bin" || basename(folder) === "sbin";
  return isBin ? [folder, ...BESIDE.map((name) => join(dirname(folder), name))] : [folder];
}

/** The folder of packages in which a path is: they need one another. */
function packageOf(path: string): string | null {
  const parts = path.split(sep);
  const at = parts.indexOf("node_modules");
  return at < 0 ? null : parts.slice(0, at + 1).join(sep);
}

/** The path of the interpreter that a script's first line names. */
function interpreterOf(program: string): string | null {
  try {
    const file = openSync(program, "r");
    try {
      const bytes = new Uint8Array(FIRST_LINE_MAX);
      const read = readSync(file, bytes, 0, FIRST_LINE_MAX, 0);
      return /^#!\s*(\/[^\s]+)/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, read)))?.[1] ?? null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
