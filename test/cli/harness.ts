import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { runProgram } from "../../mock-server/cli/program.js";
import { createTerminal } from "../../mock-server/cli/terminal.js";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An empty folder, removed after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "agentvm-cli-"));
  folders.push(path);
  return path;
}

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface HowToRun {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Colour on standard output, as a real terminal has it. */
  readonly tty?: boolean;
  /** What the person at the terminal types, a line each time that they are asked. */
  readonly types?: readonly string[];
}

/** A command under way. */
export interface Running {
  /** Waits until standard output has a text. */
  waitFor(text: string | RegExp): Promise<string>;
  /** The same for standard error. */
  waitForProblem(text: string | RegExp): Promise<string>;
  /** What ctrl-c does. */
  stop(reason?: string): void;
  readonly finished: Promise<Finished>;
}

/** Starts the command inside this process, with nothing of this machine's environment. */
export function start(
  args: readonly string[],
  { env = {}, cwd = folder(), tty = false, types }: HowToRun = {},
): Running {
  let out = "";
  let err = "";
  const watchers = new Set<() => void>();
  const stop = new AbortController();
  const told = (): void => {
    for (const watch of watchers) watch();
  };
  const write = (text: string): void => {
    out += text;
    told();
  };
  const complain = (text: string): void => {
    err += text;
    told();
  };
  const terminal = createTerminal({ write, isTTY: tty }, { write: complain }, env);
  const lines = types?.values();
  const ask = async (question: string): Promise<string> => {
    write(question);
    const line = lines?.next();
    if (line === undefined || line.done === true) throw new Error(`Nobody answers: ${question}`);
    write(`${line.value}\n`);
    return line.value;
  };
  const context = { terminal, env, cwd, signal: stop.signal, ...(lines !== undefined && { ask }) };
  const finished = runProgram(args, context).then((code) => ({
    code,
    out,
    err,
  }));
  const waitForIn = (written: () => string, text: string | RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === "string" ? !written().includes(text) : !text.test(written())) return;
        watchers.delete(look);
        resolve(written());
      };
      watchers.add(look);
      look();
      void finished.then(({ code }) => {
        if (watchers.has(look))
          reject(new Error(`The command ended with ${code} before that:\n${out}\n${err}`));
      });
    });
  const waitFor = (text: string | RegExp) => waitForIn(() => out, text);
  const waitForProblem = (text: string | RegExp) => waitForIn(() => err, text);
  return { waitFor, waitForProblem, finished, stop: (reason = "signal") => stop.abort(reason) };
}

/** Runs the command to its end inside this process. */
export function run(args: readonly string[], how?: HowToRun): Promise<Finished> {
  return start(args, how).finished;
}

/** The JSON lines of a text. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The control character that begins a colour. */
export const ESCAPE = "\u001b";
