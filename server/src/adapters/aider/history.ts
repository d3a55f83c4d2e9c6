import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../processes/environment.js";
import { stateFolder } from "../../state-folder.js";

/** Milliseconds for which a conversation is kept when nobody goes on with it: 30 days, as long as work that nobody looks at. */
const KEPT_MS = 30 * 86_400_000;

const NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What was said in tasks before, a file each: aider has no names for conversations, and reads one again from what it has written. */
export class AiderHistory {
  readonly #folder: string;

  constructor(environment: Environment) {
    this.#folder = join(stateFolder(environment), "aider");
  }

  /** Puts a conversation where aider reads it. False where it is not there any more. */
  take(session: string, path: string): boolean {
    if (!NAME.test(session)) return false;
    try {
      copyFileSync(this.#fileOf(session), path);
      return true;
    } catch {
      return false;
    }
  }

  /** Keeps what aider has written, by a new name, since two tasks may go on with the same one; null where there is nothing, or no room. */
  keep(path: string, now: number): string | null {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#forget(now);
      const session = randomUUID();
      copyFileSync(path, this.#fileOf(session));
      return session;
    } catch {
      return null;
    }
  }

  #forget(now: number): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (statSync(path).mtimeMs < now - KEPT_MS) rmSync(path, { force: true });
    }
  }

  #fileOf(session: string): string {
    return join(this.#folder, `${session}.md`);
  }
}
