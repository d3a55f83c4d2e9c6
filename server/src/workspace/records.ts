import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasCode, jsonOf, writeWhole } from "./files.js";
import { ownerSchema } from "./owner.js";

/** The folder of branches that are ours, in git's names and in ours. */
export const BRANCHES = "agentvm/";

/**
 * What is remembered of one task's branch, in a file of its own in the git directory, so that a worker that is started again, or another one,
 * knows what it finds.
 */
const recordSchema = z.object({
  /** Its name, which is that of the branch behind `agentvm/`: the task's id, and a number where that was taken. */
  name: z.string(),
  task: z.string(),
  /** The branch that it goes into. */
  base: z.string(),
  /** The commit of the base from which the work began, or that began before which it goes on with; null where there was none. */
  from: z.nullable(z.string()),
  /** The commit at which it began; another one than `from` where it goes on with a task. */
  start: z.string(),
  /** Where its worktree is, or was. */
  directory: z.string(),
  /** The folder that git keeps of that worktree; null where it is not made yet. */
  gitDir: z.nullable(z.string()),
  /** Who works there; null once that is over. */
  owner: z.nullable(ownerSchema),
  state: z.enum(["open", "kept", "accepted", "discarded"]),
  /** What it came to. */
  commit: z.nullable(z.string()),
  /** Milliseconds since 1970 at which its state last changed. */
  at: z.number(),
  /** The disk has no program for large files, so that these stay what git holds of them. */
  withoutFilters: z.boolean(),
});
export type Record = z.output<typeof recordSchema>;

/** The records of one repository. */
export class Records {
  readonly #folder: string;

  /** @param folder Made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** One record; null where there is none that can be read. */
  async read(name: string): Promise<Record | null> {
    try {
      const read = recordSchema.safeParse(jsonOf(await readFile(this.#pathOf(name), "utf8")));
      return read.success && read.data.name === name ? read.data : null;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    }
  }

  async write(record: Record): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeWhole(this.#pathOf(record.name), `${JSON.stringify(record)}\n`);
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  /** All of them, in the order of their names. */
  async all(): Promise<Record[]> {
    const names = await this.#names();
    const records = await Promise.all(names.map((name) => this.read(name)));
    return records.filter((record) => record !== null);
  }

  /** Those of one task, the newest last. */
  async ofTask(task: string): Promise<Record[]> {
    const names = (await this.#names()).filter((name) => isNameOf(name, task));
    const records = await Promise.all(names.map((name) => this.read(name)));
    return records.filter((record) => record !== null).sort((a, b) => numberOf(a.name) - numberOf(b.name));
  }

  async #names(): Promise<string[]> {
    try {
      const files = await readdir(this.#folder);
      return files
        .filter((file) => file.endsWith(".json"))
        .map((file) => file.slice(0, -5))
        .sort();
    } catch (error) {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    }
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

/** The name of a task's record and branch: the first one, or a later one where that is taken. Ids hold no dots. */
export function nameOf(task: string, number: number): string {
  return number === 1 ? task : `${task}.${number}`;
}

/** Whether a name is one of those of a task. */
export function isNameOf(name: string, task: string): boolean {
  return name === task || (name.startsWith(`${task}.`) && /^[1-9]\d{0,8}$/.test(name.slice(task.length + 1)));
}

function numberOf(name: string): number {
  return Number(/\.(\d+)$/.exec(name)?.[1] ?? 1);
}
