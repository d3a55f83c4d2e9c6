import { mkdtemp, readFile, readdir, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { allowedEnvironment } from "../../../../server/src/processes/environment.js";
import { createProcesses } from "../../../../server/src/processes/create-processes.js";
import type { ProcessesOptions, TaskProcesses } from "../../../../server/src/processes/create-processes.js";
import type { AgentProcess, StartOptions } from "../../../../server/src/processes/processes.js";
import type { VirtualClock } from "../../../stream/client/support/virtual-clock.js";
import { createRedactor } from "../../../../server/src/processes/redact/redactor.js";

/** A folder of the test's own. */
export async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), "agentvm processes ü-")));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Starts programs in a folder of the test's own, and ends them with it. */
export interface Bench {
  readonly directory: string;
  readonly processes: TaskProcesses;
  /** Starts a script of the shell. */
  sh(script: string, options?: Partial<StartOptions>): AgentProcess;
  /** Starts a script of Node. */
  node(script: string, options?: Partial<StartOptions>): AgentProcess;
  start(program: string, args?: readonly string[], options?: Partial<StartOptions>): AgentProcess;
  /** Pids of those that run in the folder, or have the folder among their variables, but for those that have ended. */
  left(): Promise<readonly number[]>;
}

export async function bench(options: Partial<ProcessesOptions> = {}): Promise<Bench> {
  const directory = await folder();
  const processes = createProcesses({
    task: "task-1",
    directories: [directory],
    redactor: createRedactor({ PLANTED_KEY: "pl4nted-key-of-the-test" }),
    ...options,
  });
  onTestFinished(() => processes.close());
  const environment = { ...allowedEnvironment(process.env), BENCH: directory };
  const start: Bench["start"] = (program, args = [], more = {}) =>
    processes.start(program, args, { directory, environment, ...more });
  return {
    directory,
    processes,
    start,
    sh: (script, more) => start("/bin/sh", ["-c", script], more),
    node: (script, more) => start(process.execPath, ["-e", script], more),
    left: () => runningIn(directory),
  };
}

/** Pids of those that run in a folder, or have it among their variables, but for those that have ended. */
export async function runningIn(directory: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      const variables = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
      const ended = /\) [ZX]/.test(state);
      return !ended && (cwd.startsWith(directory) || variables.includes(directory)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** All lines of a program. */
export async function linesOf(started: AgentProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of started.lines) lines.push(line);
  return lines;
}

/** Reads on until there is a line that says so. */
export async function until(started: AgentProcess, text: string): Promise<void> {
  const lines = started.lines[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`The program ended without saying ${text}: ${started.errorText()}`);
    if (value.includes(text)) return;
  }
}

/** Writes a program into a folder. */
export async function program(path: string, text: string, mode = 0o755): Promise<string> {
  await writeFile(path, text, { mode });
  return path;
}

/** Lets time run as fast as it can until something has happened. */
export async function hurry<T>(clock: VirtualClock, happens: Promise<T>): Promise<T> {
  const state = { done: false };
  void happens.finally(() => (state.done = true));
  while (!state.done) await clock.advance(50);
  return happens;
}
