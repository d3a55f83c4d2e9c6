import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import type { CancelTimer, Clock } from "oligarchy-agentvm";
import type { Variables } from "../../processes/environment.js";
import { Tail } from "./tail.js";

/** Milliseconds between two looks, where the system does not say that something has come. */
const LOOK_MS = 1_000;

/** Transcripts that are followed; more are not looked at. */
const FOLLOWED_MAX = 5_000;

/** Where Claude Code writes what happens in the sessions of a folder. */
export function transcriptsOf(folder: string, env: Variables): string {
  const home = env["CLAUDE_CONFIG_DIR"] ?? join(env["HOME"] ?? homedir(), ".claude");
  return join(home, "projects", folder.replaceAll(/[^A-Za-z0-9]/g, "-"));
}

/** Follows all transcripts in a folder, from now on, those that come later from their beginning. */
export class Transcripts {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #take: (session: string, line: string) => void;
  readonly #tails = new Map<string, Tail>();
  #watcher: FSWatcher | null = null;
  #cancel: CancelTimer = () => undefined;
  #looking: Promise<void> | null = null;
  #isClosed = false;

  /** @param take Is given each line, and the id of its session. It throws nothing. */
  constructor(folder: string, clock: Clock, take: (session: string, line: string) => void) {
    this.#folder = folder;
    this.#clock = clock;
    this.#take = take;
  }

  /** Begins to follow what comes from now on. */
  async open(): Promise<void> {
    await this.#find(true);
    this.#listen();
    this.#plan();
  }

  /** Reads all that has come until now. */
  async read(): Promise<void> {
    await this.#find(false);
    await Promise.all(Array.from(this.#tails.values(), (tail) => tail.read()));
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    this.#watcher?.close();
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#clock.setTimeout(() => void this.#look().then(() => this.#plan()), LOOK_MS);
  }

  /** Looks once, however often it is asked meanwhile. */
  #look(): Promise<void> {
    this.#looking ??= this.read().finally(() => {
      this.#looking = null;
      this.#listen();
    });
    return this.#looking;
  }

  /** The folder may come with the first session. */
  #listen(): void {
    if (this.#watcher !== null || this.#isClosed) return;
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => void this.#look());
      this.#watcher.on("error", () => {
        this.#watcher?.close();
        this.#watcher = null;
      });
    } catch {
      // It is not there yet.
    }
  }

  async #find(isFirst: boolean): Promise<void> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    for (const name of this.#tails.keys()) if (!names.includes(name)) this.#tails.delete(name);
    for (const name of names) {
      if (!name.endsWith(".jsonl") || this.#tails.has(name) || this.#tails.size >= FOLLOWED_MAX) continue;
      const path = join(this.#folder, name);
      const from = isFirst ? await sizeOf(path) : 0;
      const session = basename(name, ".jsonl");
      this.#tails.set(name, new Tail(path, from, (line) => this.#take(session, line)));
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
