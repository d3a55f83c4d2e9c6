import { execFile } from "node:child_process";
import { mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { AgentError, EXIT } from "../../agent-error.js";
import { hasCode } from "../../workspace/files.js";
import { hasHooks, madeSchema, putHooks, takeHooks, ALL_MADE } from "./hooks-text.js";

/** Characters of a file of settings that is still changed. */
const SETTINGS_MAX = 1_000_000;

/** Files that are remembered; of more the oldest are forgotten. */
const KEPT_MAX = 1_000;

const keptSchema = z.object({
  version: z.literal(1),
  files: z.array(z.object({ path: z.string(), made: madeSchema, isNew: z.boolean() })),
});
type Kept = z.output<typeof keptSchema>["files"][number];

/** What came of hooks that were put in, or taken out. */
export interface HooksChange {
  readonly path: string;
  /** `kept`: they were there, or were not there, already. */
  readonly what: "put" | "taken" | "kept" | "gone";
  /** What should be known, in a sentence; null where nothing should. */
  readonly note: string | null;
}

/** Where a project's own settings are that are nobody else's. */
export function settingsPath(folder: string): string {
  return join(folder, ".claude", "settings.local.json");
}

/** Puts hooks into the settings of projects and takes them out, and remembers what it has made there. */
export class HooksFiles {
  readonly #memory: string;

  /** @param memory Where it is remembered; it need not be there. */
  constructor(memory: string) {
    this.#memory = memory;
  }

  /** Whether the hooks are in a project's settings as they would be put in. */
  async has(folder: string, command: string): Promise<boolean> {
    const text = await textOf(settingsPath(folder));
    return text.includes(JSON.stringify(command));
  }

  /**
   * Puts the hooks into a project's settings.
   *
   * @throws AgentError where the file cannot be read or written, or is not as it should be; nothing is changed then.
   */
  async put(folder: string, command: string): Promise<HooksChange> {
    if (!(await isFolder(folder)))
      throw new AgentError(`There is no folder ${folder}.`, {
        code: "no_folder",
        remediation: "Name the project's folder.",
        exitCode: EXIT.usage,
      });
    const path = await placeOf(settingsPath(folder));
    const text = await readable(path);
    const all = await this.#all();
    const before = all.find((one) => one.path === path);
    const put = putHooks(text, command, before?.made ?? ALL_MADE);
    if ("problem" in put) throw wrong(path, put.problem);
    const isNew = before?.isNew ?? text === "";
    // It is remembered first: what was put in and forgotten would stay for ever.
    await this.#keep([...all.filter((one) => one.path !== path), { path, made: put.made, isNew }]);
    if (put.text !== text) await write(path, put.text);
    return { path, what: put.text === text ? "kept" : "put", note: await noteOf(folder, path) };
  }

  /** Takes them out of a project's settings, and leaves the file as it was. A project that is gone is forgotten. */
  async take(folder: string): Promise<HooksChange> {
    const path = await placeOf(settingsPath(folder));
    const all = await this.#all();
    const known = all.find((one) => one.path === path);
    const there = await isThere(path);
    const text = there ? await readable(path) : "";
    if (there && hasHooks(text)) {
      const taken = takeHooks(text, known?.made ?? ALL_MADE);
      if ("problem" in taken) throw wrong(path, taken.problem);
      if (known?.isNew === true && isEmpty(taken.text)) await removeNew(path);
      else await write(path, taken.text);
    }
    if (known) await this.#keep(all.filter((one) => one !== known));
    const what = there ? (hasHooks(text) ? "taken" : "kept") : known ? "gone" : "kept";
    return { path, what, note: null };
  }

  async #all(): Promise<readonly Kept[]> {
    try {
      return keptSchema.parse(JSON.parse(await readFile(this.#memory, "utf8"))).files;
    } catch {
      return [];
    }
  }

  async #keep(files: readonly Kept[]): Promise<void> {
    await mkdir(dirname(this.#memory), { recursive: true, mode: 0o700 });
    await replace(this.#memory, `${JSON.stringify({ version: 1, files: files.slice(-KEPT_MAX) })}\n`, 0o600);
  }
}

function wrong(path: string, problem: string): AgentError {
  return new AgentError(`The hooks cannot be put into ${path} or taken out of it: ${problem}`, {
    code: "bad_settings",
    remediation: "Mend the file, or watch without hooks: agentvm watch --no-hooks.",
    exitCode: EXIT.config,
  });
}

/** Where a file is, though a link may lead to it, or its folder is not there yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** The text of a file that may be changed; none for one that is not there. */
async function readable(path: string): Promise<string> {
  let text: string;
  try {
    const { mode, size } = await stat(path);
    if (size > SETTINGS_MAX) throw wrong(path, `it has ${size} bytes, more than ${SETTINGS_MAX}.`);
    // That is looked at by hand: whoever may do everything could write it all the same.
    if ((mode & 0o222) === 0) throw wrong(path, "it may only be read.");
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    if (error instanceof AgentError) throw error;
    throw wrong(path, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return text;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0o600,
    );
    await replace(path, text, mode);
  } catch (error) {
    throw wrong(path, `it cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Written beside and put in its place, so that nobody ever reads half of it. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, text, { mode });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function isEmpty(text: string): boolean {
  return text.trim() === "{}";
}

/** A file that was made for the hooks goes with them, and its folder if nothing else is in it. */
async function removeNew(path: string): Promise<void> {
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

/** What git makes of the file, where that is not what one would think. */
async function noteOf(folder: string, path: string): Promise<string | null> {
  const run = promisify(execFile);
  const git = (...args: readonly string[]): Promise<boolean> =>
    run("git", [...args, "--", path], { cwd: folder, timeout: 10_000 }).then(
      () => true,
      () => false,
    );
  if (await git("ls-files", "--error-unmatch"))
    return `${path} is in git: what is put into it shows as a change. Do not commit it; agentvm watch --remove takes it out again.`;
  return null;
}
