import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessByStdio, StdioOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { startMockServer } from "../../mock-server/node.js";
import { proxyVariables, recordingProxy } from "../lib/recording-proxy.js";
import { folder } from "./harness.js";

/** Open files with which the command starts on any machine, far below what it may have as a rule. */
const MANY_ENOUGH = 192;

const root = fileURLToPath(new URL("../..", import.meta.url));

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the real command, as the shell does, with nothing of this machine's environment but the path. */
function command(...args: string[]): Child {
  return commandWith({}, ...args);
}

/** The same with some variables. */
function commandWith(env: Record<string, string>, ...args: string[]): Child {
  return spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), `${root}mock-server/cli/main.ts`, ...args],
    {
      cwd: folder(),
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

/** Starts it with streams of its own. */
function commandOver(stdio: StdioOptions, ...args: string[]): ChildProcess {
  return spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), `${root}mock-server/cli/main.ts`, ...args],
    { cwd: folder(), env: { PATH: process.env["PATH"] }, stdio },
  );
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
  return text;
}

async function endOf(child: Child): Promise<{ code: number | null; out: string; err: string }> {
  const [out, err, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, out, err };
}

describe("the real command", { timeout: 60_000 }, () => {
  it("plays the demo and leaves nothing that keeps the process alive", async () => {
    const { code, out, err } = await endOf(command("demo", "--speed", "500"));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/5 tasks in .* 1 cancelled\.\n$/);
  });

  it("goes to a server past the proxies that variables name", async () => {
    await using server = await startMockServer({ port: 0 });
    await using proxy = await recordingProxy();
    const env = proxyVariables(proxy.url);
    for (const name of ["health", "status"]) {
      const { code, err } = await endOf(commandWith(env, name, "--endpoint", server.url));
      expect({ code, err }).toEqual({ code: 0, err: "" });
    }
    expect(proxy.seen).toEqual([]);
  });

  it("serves until ctrl-c, then ends in order", async () => {
    const child = command("serve", "--port", "0", "--json");
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, out, err } = await endOf(child);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/"listening".*\n\{"type":"stopped"\}\n$/);
  });

  it("reads its scripts again when their file changes, and ends in order", async () => {
    const file = join(folder(), "scripts.yaml");
    writeFileSync(file, "- output: one");
    const child = command("serve", "--port", "0", "--json", "--scripts", file);
    child.stdout.once("data", () => {
      writeFileSync(file, "- output: one\n- output: two");
      child.stdout.once("data", () => child.kill("SIGINT"));
    });
    const { code, out, err } = await endOf(child);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/"listening".*\n\{"type":"scripts_loaded",.*"scripts":2\}\n\{"type":"stopped"\}\n$/);
  });

  it("ends in order when whoever stops it says so twice, as timeout(1) and npm do", async () => {
    const child = command("serve", "--port", "0", "--json");
    child.stdout.once("data", () => {
      child.kill("SIGTERM");
      child.stdout.once("data", () => child.kill("SIGTERM"));
    });
    const { code, out, err } = await endOf(child);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/"listening".*\n\{"type":"stopped"\}\n$/);
  });

  it.each([
    ["demo", "--speed", "500"],
    ["serve", "--port", "0"],
    ["serve", "--port", "0", "--json"],
    ["--help"],
    ["godot", "install", "--help"],
  ])("says in one line that its output cannot be written, and fails: agentvm %s %s", async (...args) => {
    const full = openSync("/dev/full", "w");
    try {
      const child = commandOver(["ignore", full, "pipe"], ...args);
      const [err, [code]] = await Promise.all([
        child.stderr === null ? "" : textOf(child.stderr),
        once(child, "close") as Promise<[number | null]>,
      ]);
      expect(code).toBe(1);
      expect(err).toMatch(/^agentvm: the output cannot be written: ENOSPC[^\n]*\n$/);
    } finally {
      closeSync(full);
    }
  });

  it("keeps its exit code when even its complaints cannot be written", async () => {
    const full = openSync("/dev/full", "w");
    try {
      const child = commandOver(["ignore", "pipe", full], "health", "--endpoint", "http://127.0.0.1:1");
      const [code] = (await once(child, "close")) as [number | null];
      expect(code).toBe(4);
    } finally {
      closeSync(full);
    }
  });

  /** Starts the built one with no more open files than that: whatever reads the sources would need some of its own. */
  function commandWithin(files: number, ...args: string[]): Child {
    const script = `ulimit -n ${files}; exec "$@"`;
    return spawn("sh", ["-c", script, "sh", process.execPath, `${root}dist/cli.js`, ...args], {
      cwd: folder(),
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  it("serves with few open files, and says in one line that they are too few", async () => {
    // How many Node needs for itself is its own affair: fewer and fewer, until the first that are too few.
    for (let files = MANY_ENOUGH; files > 24; files -= 8) {
      const child = commandWithin(files, "serve", "--port", "0", "--json");
      child.stdout.once("data", () => child.kill("SIGTERM"));
      const { code, out, err } = await endOf(child);
      if (code === 0) {
        expect({ out, err }).toEqual({ out: expect.stringContaining('"listening"'), err: "" });
        continue;
      }
      expect(files).toBeLessThan(MANY_ENOUGH);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^agentvm: this process may not open enough files \(EMFILE\)[^\n]*\n$/);
      return;
    }
    throw new Error("It was never too few.");
  });

  it("answers again when it had run out of open files, and says nothing of its insides", async () => {
    const child = commandWithin(MANY_ENOUGH, "serve", "--port", "0", "--json");
    const told = textOf(child.stderr);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(line.toString("utf8")));
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 2 * MANY_ENOUGH }, () => connect(Number(port), hostname));
    await Promise.all(
      sockets.map((socket) =>
        once(
          socket.on("error", () => undefined),
          "connect",
        ),
      ),
    );
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await fetch(`${url}/health`)).status, { timeout: 30_000 }).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "close")).toEqual([0, null]);
    expect(await told).toBe("");
  });

  it("goes on with its output closed, as a service may have it", async () => {
    const script = `exec "$0" --import "$1" "$2" demo --speed 500 >&-`;
    const tsx = import.meta.resolve("tsx");
    const child = spawn("sh", ["-c", script, process.execPath, tsx, `${root}mock-server/cli/main.ts`], {
      cwd: folder(),
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [err, [code]] = await Promise.all([
      textOf(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it("ends quietly when the reader of its output goes away", async () => {
    const child = command("demo", "--speed", "2");
    child.stdout.once("data", () => child.stdout.destroy());
    const [err, [code]] = await Promise.all([
      textOf(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    expect({ code, err }).toEqual({ code: 141, err: "" });
  });
});
