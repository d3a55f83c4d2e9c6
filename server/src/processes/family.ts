import { stat } from "node:fs/promises";
import { sep } from "node:path";
import { directoryOf, processEntry, processTable, variablesOf } from "./process-table.js";
import type { ProcessEntry } from "./process-table.js";

/** The variable by which a program and all that it starts are known again, wherever they went. */
export const MARK = "AGENTVM_PROCESS";

/** A program and all that it has started. */
export interface Family {
  /** The pids of those that run. */
  living(): Promise<readonly number[]>;
}

/** By what a family is known. */
export interface FamilySigns {
  /** The program itself, which leads a session of its own. */
  readonly leader: number;
  /** The value of {@link MARK}. */
  readonly mark: string;
  /** Folders that are the family's alone for now: who is in there, without a parent or a terminal, has escaped from it. */
  readonly folders: () => readonly string[];
}

/**
 * Finds a program and all that it has started: by session, by descent, by the mark in their variables, and those that have left all that
 * behind by the folder in which they are. Nobody else: not who sits at a terminal, who was there before, or whom this process has started
 * for other reasons. Where the kernel does not tell of processes it is the group alone.
 */
export function createFamily(signs: FamilySigns): Family {
  const began = processEntry(signs.leader)?.began;
  /** Who was found once stays one of them, also when its parents are gone: by pid, with its beginning. */
  const known = new Map<number, number>();

  const isOne = async (entry: ProcessEntry, commands: ReadonlyMap<number, string>): Promise<boolean> => {
    if (entry.pid === signs.leader || entry.session === signs.leader) return true;
    if (known.get(entry.pid) === entry.began) return true;
    if ((await variablesOf(entry.pid)).includes(`${MARK}=${signs.mark}`)) return true;
    return isOrphan(entry, commands) && (await isIn(signs.folders(), entry.pid));
  };

  return {
    living: async () => {
      const table = began === undefined ? null : await processTable();
      if (table === null || began === undefined) return groupLives(signs.leader) ? [-signs.leader] : [];
      const later = table.filter((entry) => entry.began >= began && entry.pid !== process.pid);
      const commands = new Map(table.map((entry) => [entry.pid, entry.command]));
      const are = await Promise.all(later.map((entry) => isOne(entry, commands)));
      const members = withDescendants(
        later.filter((_, place) => are[place]),
        later,
      );
      known.clear();
      for (const { pid, began: its } of members) known.set(pid, its);
      return members.filter(({ ended }) => !ended).map(({ pid }) => pid);
    },
  };
}

function withDescendants(
  members: readonly ProcessEntry[],
  all: readonly ProcessEntry[],
): readonly ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of all) children.set(entry.parent, [...(children.get(entry.parent) ?? []), entry]);
  const found = new Set(members);
  for (const member of found) for (const child of children.get(member.pid) ?? []) found.add(child);
  return [...found];
}

/** Whether nobody but the system looks after a process any more, as is so with those that were left behind on purpose. */
function isOrphan(entry: ProcessEntry, commands: ReadonlyMap<number, string>): boolean {
  if (entry.atTerminal || entry.ended || entry.parent === process.pid) return false;
  return entry.parent === 1 || commands.get(entry.parent) === "systemd";
}

async function isIn(folders: readonly string[], pid: number): Promise<boolean> {
  if (folders.length === 0) return false;
  const directory = await directoryOf(pid);
  if (directory === null || !folders.some((folder) => `${directory}${sep}`.startsWith(`${folder}${sep}`))) {
    return false;
  }
  const owner = await stat(`/proc/${pid}`).catch(() => null);
  return owner?.uid === process.getuid?.();
}

/** Without a table of processes: whether anybody is left in the group. */
function groupLives(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}
