import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import * as z from "zod";
import { gameRoom, person } from "./support.js";

const door = z.object({ socket: z.string() });
const keptSessions = z.object({ sessions: z.array(z.unknown()) });

/** What Claude Code tells a hook, and the rest of what the hook's program says. */
export interface SaidByHook {
  readonly hook_event_name: string;
  readonly session_id?: string;
  readonly [field: string]: unknown;
}

/** Speaks as the program does that Claude Code's hooks call, on the socket of a watcher in a person's home, with the time that a test gives it. */
export function hooksOf(home: string, folder: string) {
  const folderOfWatch = join(home, ".local", "state", "agentvm", "watch");
  const file = join(folderOfWatch, "door.json");
  let now = 1_000_000;
  const send = (text: string): Promise<void> => {
    const { socket } = door.parse(JSON.parse(readFileSync(file, "utf8")));
    return new Promise((resolve) => {
      const link = connect(socket, () => link.end(text));
      link.on("error", () => resolve());
      link.on("close", () => resolve());
      link.resume();
    });
  };
  return {
    /** What comes later is so much later. */
    pass: (ms: number) => (now += ms),
    /** Adds a line to the transcript of a session. */
    write: (session_id: string, line: object): void => {
      const transcripts = join(home, ".claude", "projects", folder.replaceAll(/[^A-Za-z0-9]/g, "-"));
      mkdirSync(transcripts, { recursive: true });
      appendFileSync(join(transcripts, `${session_id}.jsonl`), `${JSON.stringify(line)}\n`);
    },
    /** The sessions that the next watcher is to know. */
    kept: () =>
      keptSessions.parse(JSON.parse(readFileSync(join(folderOfWatch, "sessions.json"), "utf8"))).sessions,
    /** Says bytes as they are. */
    send,
    /** Says that something has happened, now or `ago` milliseconds ago, and waits until it is heard. */
    say: (
      { session_id = "s1", ...event }: SaidByHook,
      { pid = 0, ago = 0 }: { readonly pid?: number; readonly ago?: number } = {},
    ): Promise<void> =>
      send(JSON.stringify({ event: { session_id, cwd: folder, ...event }, pid, at: now - ago })),
  };
}

/** A prompt of the person's. */
export const prompt = (text: string, more: object = {}): SaidByHook => ({
  hook_event_name: "UserPromptSubmit",
  prompt: text,
  ...more,
});

/** A game in which the sessions of a project are seen, and what its hooks say. */
export async function watchedProject() {
  const room = await gameRoom();
  const desk = person();
  const watching = desk.watch("--endpoint", room.server.url, "--yes", "--json");
  onTestFinished(async () => {
    watching.stop();
    expect((await watching.finished).err).toBe("");
  });
  await watching.waitFor("watching");
  const hooks = hooksOf(desk.env.HOME, desk.repository);
  /** Waits until all that was said before is seen: a session of another name is there, which came after it. */
  const settled = async (): Promise<void> => {
    await hooks.say({
      hook_event_name: "UserPromptSubmit",
      session_id: "last",
      cwd: "/last",
      prompt: "Last",
    });
    await room.heard(({ type, data }) => type === "task.assigned" && JSON.stringify(data).includes('"Last"'));
  };
  return { ...room, ...hooks, settled };
}
