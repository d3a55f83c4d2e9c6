import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import type { Redact } from "../worker/character.js";

const fileSchema = z.object({
  version: z.literal(2),
  sessions: z.array(
    z.object({
      id: z.string(),
      folder: z.string(),
      /** What it is called in the game. */
      name: z.string(),
      pid: z.number(),
      /** What is done in it now. */
      prompt: z.nullable(z.string()),
      /** What waits for the person. */
      waiting: z.array(
        z.object({
          request: z.string(),
          /** The command that it is about, by which it is seen that it runs; null where there is none, or a secret is in it. */
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

/**
 * Remembers the sessions that are there, for a watcher that was killed: nobody says anything of one in which nothing is done. Secrets are not
 * remembered.
 */
export class KeptSessions {
  readonly #file: string;
  readonly #redact: Redact;
  /** What was to be remembered last, with its secrets. */
  #known = "";

  constructor(file: string, redact: Redact) {
    this.#file = file;
    this.#redact = redact;
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
    const known = JSON.stringify(sessions);
    if (known === this.#known) return;
    this.#known = known;
    const told = sessions.map((session) => this.#withoutSecrets(session));
    const text = JSON.stringify({ version: 2, sessions: told });
    const beside = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(beside, text, { mode: 0o600 });
      renameSync(beside, this.#file);
    } catch {
      // A disk that is full: the next watcher sees them when something is done in them.
    }
  }

  /** A session as it may lie on a disk. A command with a secret in it is not remembered: that it runs is not seen then, but that it has ended. */
  #withoutSecrets({ prompt, waiting, ...session }: KeptSession): KeptSession {
    const redact = this.#redact;
    return {
      ...session,
      prompt: prompt === null ? null : redact(prompt),
      waiting: waiting.map(({ request, command, asked: { text, about } }) => ({
        request,
        command: command !== null && redact(command) === command ? command : null,
        asked: {
          text: redact(text),
          about: {
            tool: about.tool,
            title: redact(about.title),
            ...(about.path !== undefined && { path: redact(about.path) }),
            ...(about.command !== undefined && { command: redact(about.command) }),
          },
        },
      })),
    };
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
