import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import * as z from "zod";

const door = z.object({ socket: z.string() });

/** What Claude Code tells a hook, and the rest of what the hook's program says. */
export interface SaidByHook {
  readonly hook_event_name: string;
  readonly session_id?: string;
  readonly [field: string]: unknown;
}

/** Speaks as the program does that Claude Code's hooks call, on the socket of a watcher in a person's home, with the time that a test gives it. */
export function hooksOf(home: string, folder: string) {
  const file = join(home, ".local", "state", "agentvm", "watch", "door.json");
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
