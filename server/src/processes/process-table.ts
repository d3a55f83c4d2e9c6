import { readFileSync } from "node:fs";
import { readFile, readdir, readlink } from "node:fs/promises";

/** Times that the variables of a process are read which seems to have none. */
const EMPTY_TRIES = 3;

/** A process, as the kernel tells it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly command: string;
  /** Whether it hangs on a terminal: somebody sits there. */
  readonly atTerminal: boolean;
  /** Whether it has ended already, and is a name in the table alone. */
  readonly ended: boolean;
  /** When it began, in ticks since the machine did. With its pid it is its name: pids are given again. */
  readonly began: number;
}

/** All processes of the machine that one can see; null where the kernel does not tell. */
export async function processTable(): Promise<readonly ProcessEntry[] | null> {
  const names = await readdir("/proc").catch(() => null);
  if (names === null) return null;
  const entries = await Promise.all(
    names
      .filter((name) => /^[0-9]+$/.test(name))
      .map((name) => readFile(`/proc/${name}/stat`, "latin1").then(entryOf, () => null)),
  );
  const seen = entries.filter((entry) => entry !== null);
  return seen.length === 0 ? null : seen;
}

/** One of them, at once; null where the kernel does not tell. */
export function processEntry(pid: number | "self"): ProcessEntry | null {
  try {
    return entryOf(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return null;
  }
}

/** The variables that a process was started with, each as `NAME=value`; none where one may not know. */
export async function variablesOf(pid: number): Promise<readonly string[]> {
  for (let tries = 1; ; tries += 1) {
    const text = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => null);
    // It is empty for a moment while a process becomes another program.
    if (text === null || text !== "" || tries === EMPTY_TRIES) return (text ?? "").split("\0");
  }
}

/** The folder in which a process is; null where one may not know. */
export async function directoryOf(pid: number): Promise<string | null> {
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return directory?.replace(/ \(deleted\)$/, "") ?? null;
}

/** Reads a line of `/proc/PID/stat`: the name of the program stands in parentheses, and may have some of its own. */
function entryOf(line: string): ProcessEntry | null {
  const opens = line.indexOf("(");
  const closes = line.lastIndexOf(")");
  const [state, ...rest] = line.slice(closes + 2).split(" ");
  const numbers = rest.map(Number);
  const [parent, group, session, terminal] = numbers;
  const began = numbers[18];
  if (state === undefined || parent === undefined || group === undefined || session === undefined)
    return null;
  if (terminal === undefined || began === undefined) return null;
  return {
    pid: Number(line.slice(0, opens)),
    parent,
    group,
    session,
    command: line.slice(opens + 1, closes),
    atTerminal: terminal !== 0,
    ended: state === "Z" || state === "X",
    began,
  };
}
