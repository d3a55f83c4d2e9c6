import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";

const fileSchema = z.object({
  version: z.literal(1),
  sessions: z.array(
    z.object({
      id: z.string(),
      folder: z.string(),
      pid: z.number(),
      /** What is done in it now. */
      prompt: z.nullable(z.string()),
      /** What waits for the person. */
      waiting: z.array(
        z.object({
          request: z.string(),
          command: z.nullable(z.string()),
          asked: z.object({
            text: z.string(),
            about: z.object({
              tool: z.string(),
              title: z.string(),
              path: z.string().optional(),
              command: z.string().optional(),
            }),
          }),
        }),
      ),
    }),
  ),
});

/** A session that is there, as a watcher that is started anew is to know it. */
export type KeptSession = z.output<typeof fileSchema>["sessions"][number];

/** Sessions that are remembered. */
const KEPT_MAX = 64;

/** Remembers the sessions that are there, for a watcher that was killed: nobody says anything of one in which nothing is done. */
export class KeptSessions {
  readonly #file: string;
  #written = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** Those whose process is there still. */
  read(): readonly KeptSession[] {
    try {
      const { sessions } = fileSchema.parse(JSON.parse(readFileSync(this.#file, "utf8")));
      return sessions.filter(({ pid }) => pid > 0 && isAlive(pid));
    } catch {
      return [];
    }
  }

  /** Remembers them, where they are others than before. */
  keep(all: readonly KeptSession[]): void {
    const sessions = all.slice(-KEPT_MAX);
    const text = JSON.stringify({ version: 1, sessions });
    if (text === this.#written) return;
    this.#written = text;
    const beside = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(beside, text, { mode: 0o600 });
      renameSync(beside, this.#file);
    } catch {
      // A disk that is full: the next watcher sees them when something is done in them.
    }
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
