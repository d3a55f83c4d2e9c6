import { mkdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "oligarchy-agentvm";
import { AgentError } from "../agent-error.js";
import { Turns } from "../turns.js";
import { fateOf, ownerSchema, thisProcess } from "./owner.js";
import type { Owner } from "./owner.js";
import { hasCode, jsonOf } from "./files.js";

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_MS = 25;

/** Milliseconds after which a lock is nobody's: of an owner on another machine, and one whose owner has not been written. */
const FOREIGN_MS = 30 * 60_000;
const UNWRITTEN_MS = 10_000;

/** A lock that processes hold in turn: a file with its owner in it, which a dead one does not hold. */
export class FileLock {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** Work of this process waits here, in its order, and looks at no file meanwhile. */
  readonly #turns = new Turns();

  /** @param waitMs Milliseconds to wait for another process. */
  constructor(path: string, clock: Clock, waitMs: number) {
    this.#path = path;
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  /** Does work while no other work under this lock is done, in any process. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      const release = await this.take();
      try {
        return await work();
      } finally {
        await release();
      }
    });
  }

  /**
   * Takes the lock, and gives what lets it go.
   *
   * @throws AgentError when another process holds it for too long.
   */
  async take(): Promise<() => Promise<void>> {
    // One folder and not those above it: where the repository is gone, none is to be made in its place.
    await mkdir(dirname(this.#path)).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
    const text = `${JSON.stringify(thisProcess())}\n`;
    const until = this.#clock.now() + this.#waitMs;
    for (;;) {
      try {
        await writeFile(this.#path, text, { flag: "wx" });
        return () => rm(this.#path, { force: true });
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      }
      if (await this.#breakDead()) continue;
      if (this.#clock.now() >= until) throw this.#busy(await this.#owner());
      await new Promise<void>((resolve) => {
        this.#clock.setTimeout(resolve, LOOK_MS);
      });
    }
  }

  /** Removes the lock where its owner is dead. Of several that see so, one does it at a time, and looks again first. */
  async #breakDead(): Promise<boolean> {
    if (!(await this.#isDead())) return false;
    const breaking = `${this.#path}.breaking`;
    try {
      await mkdir(breaking);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      if (await this.#isOlder(breaking, UNWRITTEN_MS)) await rmdir(breaking).catch(() => undefined);
      return false;
    }
    try {
      if (!(await this.#isDead())) return false;
      await rm(this.#path, { force: true });
      return true;
    } finally {
      await rmdir(breaking).catch(() => undefined);
    }
  }

  async #isDead(): Promise<boolean> {
    const owner = await this.#owner();
    if (owner === undefined) return false;
    if (owner === null) return this.#isOlder(this.#path, UNWRITTEN_MS);
    const fate = fateOf(owner);
    return fate === "dead" || (fate === "unknown" && (await this.#isOlder(this.#path, FOREIGN_MS)));
  }

  /** Who holds the lock; null where that cannot be read, undefined where nobody does. */
  async #owner(): Promise<Owner | null | undefined> {
    try {
      const read = ownerSchema.safeParse(jsonOf(await readFile(this.#path, "utf8")));
      return read.success ? read.data : null;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  async #isOlder(path: string, ageMs: number): Promise<boolean> {
    try {
      return this.#clock.now() - (await stat(path)).mtimeMs > ageMs;
    } catch {
      return false;
    }
  }

  #busy(owner: Owner | null | undefined): AgentError {
    const who = owner === null || owner === undefined ? "Somebody" : `Process ${owner.pid} on ${owner.host}`;
    return new AgentError(`${who} works on the repository, and has not let go of ${this.#path}.`, {
      code: "repository_locked",
      remediation: "Wait until it is done and try again, or end it. Where it is long gone, delete that file.",
    });
  }
}
