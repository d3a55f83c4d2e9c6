import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { AgentError } from "../agent-error.js";

/** Bytes of the longest path that a socket may have everywhere. */
const PATH_MAX_BYTES = 100;

/** Characters of what one hook may say, hooks that may speak at the same time, and milliseconds that one may take. */
const SAID_MAX = 1_000_000;
const SPEAKERS_MAX = 100;
const SPEAKER_MS = 5_000;

const doorSchema = z.object({ socket: z.string() });

/** Where hooks speak. */
export interface Door {
  close(): void;
}

/**
 * Listens for what hooks say, a JSON value each, on a socket that nobody but the person can reach.
 *
 * @param file Says where it listens.
 * @param hear Is given each value. It throws nothing.
 * @throws AgentError where another watcher listens.
 */
export async function openDoor(file: string, hear: (value: unknown) => void): Promise<Door> {
  if (await isOpen(file))
    throw new AgentError("Somebody watches on this machine already.", {
      code: "watched_already",
      remediation: "Stop the other agentvm watch, or agentvm serve --watch, first.",
    });
  const socket = socketFor(file);
  rmSync(socket, { force: true });
  const speakers = new Set<Socket>();
  const server = createServer((speaker) => {
    if (speakers.size >= SPEAKERS_MAX) {
      speaker.destroy();
      return;
    }
    speakers.add(speaker);
    listen(speaker, hear, () => speakers.delete(speaker));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  // It must not hold up the end of the process.
  server.unref();
  chmodSync(socket, 0o600);
  writeFileSync(file, `${JSON.stringify({ socket })}\n`, { mode: 0o600 });
  return {
    close() {
      rmSync(file, { force: true });
      server.close();
      for (const speaker of speakers) speaker.destroy();
      if (dirname(socket) !== dirname(file)) rmSync(dirname(socket), { recursive: true, force: true });
    },
  };
}

function listen(speaker: Socket, hear: (value: unknown) => void, gone: () => void): void {
  let said = "";
  speaker.setEncoding("utf8");
  speaker.setTimeout(SPEAKER_MS, () => speaker.destroy());
  speaker.on("data", (piece: string) => {
    said += piece;
    if (said.length > SAID_MAX) speaker.destroy();
  });
  speaker.on("end", () => {
    let value: unknown;
    try {
      value = JSON.parse(said);
    } catch {
      return;
    }
    hear(value);
  });
  speaker.on("error", () => speaker.destroy());
  speaker.on("close", gone);
}

/** A socket beside the file; where that would be too long a path, one in a folder of its own. */
function socketFor(file: string): string {
  const beside = join(dirname(file), "hooks.sock");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (Buffer.byteLength(beside) <= PATH_MAX_BYTES) return beside;
  return join(mkdtempSync(join(tmpdir(), "agentvm-")), "hooks.sock");
}

/** Whether somebody listens where a file says. One that was killed does not. */
async function isOpen(file: string): Promise<boolean> {
  let path: string;
  try {
    path = doorSchema.parse(JSON.parse(readFileSync(file, "utf8"))).socket;
  } catch {
    return false;
  }
  return new Promise((resolve) => {
    const link = connect(path, () => {
      link.destroy();
      resolve(true);
    });
    link.on("error", () => resolve(false));
  });
}
