import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDoor } from "../../../server/src/watch/door.js";
import { folder } from "../../cli/harness.js";

const HOOK = fileURLToPath(new URL("../../../server/dist/hook.js", import.meta.url));

/** What becomes of the program that Claude Code calls, with what it is told. */
function hook(
  door: string,
  told: string | Buffer,
): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [HOOK, door], { env: { CLAUDE_PID: "17" } });
  let out = "";
  child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (out += piece.toString()));
  // It may be gone before it has heard all of it.
  child.stdin.on("error", () => undefined);
  child.stdin.end(told);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
}

/** A door, and what is heard at it. */
async function opened() {
  const file = join(folder(), "door.json");
  const heard: unknown[] = [];
  const door = await openDoor(file, (value) => void heard.push(value));
  onTestFinished(() => door.close());
  return { file, heard, door };
}

const well = { code: 0, out: "" };

describe("the program that hooks call", () => {
  it("says what has happened to the watcher, without what tools have answered", async () => {
    const { file, heard } = await opened();
    const event = { hook_event_name: "Stop", session_id: "s", tool_response: { stdout: "x" } };
    expect(await hook(file, JSON.stringify(event))).toEqual(well);
    expect(heard).toMatchObject([{ event: { hook_event_name: "Stop", session_id: "s" }, pid: 17 }]);
    expect(JSON.stringify(heard)).not.toContain("tool_response");
  });

  it.each([
    ["there is no watcher", async () => join(folder(), "nothing.json"), "{}"],
    ["the watcher was killed", async () => killed(), "{}"],
    ["it is told no JSON", async () => (await opened()).file, "oops"],
    ["it is told nothing", async () => (await opened()).file, ""],
    ["it is told more than anybody reads", async () => (await opened()).file, Buffer.alloc(20 * 2 ** 20, 97)],
    ["the watcher does not listen", async () => deaf(), "{}"],
  ])("ends well and says nothing where %s", async (_what, door, told) => {
    expect(await hook(await door(), told)).toEqual(well);
  });

  it("says ten megabytes in a few words", async () => {
    const { file, heard } = await opened();
    const event = {
      hook_event_name: "PreToolUse",
      session_id: "s",
      tool_input: { content: "ü".repeat(5e6) },
    };
    expect(await hook(file, JSON.stringify(event))).toEqual(well);
    expect(JSON.stringify(heard).length).toBeLessThan(40_000);
    expect(heard).toHaveLength(1);
  });
});

describe("where hooks speak", () => {
  it("is open to one watcher at a time, and to the next one once that is gone", async () => {
    const { file, door } = await opened();
    await expect(openDoor(file, () => undefined)).rejects.toThrow(
      "Somebody watches on this machine already.",
    );
    door.close();
    expect(existsSync(file)).toBe(false);
    (await openDoor(file, () => undefined)).close();
  });
});

/** The file of a watcher that has left no socket behind. */
function killed(): string {
  const file = join(folder(), "door.json");
  writeFileSync(file, JSON.stringify({ socket: join(folder(), "gone.sock") }));
  return file;
}

/** The file of a watcher that takes what is said and never hangs up. */
async function deaf(): Promise<string> {
  const place = folder();
  const server = createServer({ allowHalfOpen: true }, (link) => link.pause());
  onTestFinished(() => void server.close());
  const socket = join(place, "deaf.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  server.unref();
  writeFileSync(join(place, "door.json"), JSON.stringify({ socket }));
  return join(place, "door.json");
}
