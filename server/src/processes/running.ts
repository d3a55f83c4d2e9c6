import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Clock } from "oligarchy-agentvm";
import { endFamily } from "./ending.js";
import type { Environment } from "./environment.js";
import { createFamily } from "./family.js";
import { endWithThis } from "./last-resort.js";
import { readOutput } from "./output.js";
import type { OutputBounds } from "./output.js";
import type { AgentProcess, Exit, StartOptions } from "./processes.js";
import type { Redactor } from "./redact/redactor.js";
import { refusal } from "./unstartable.js";
import { createWatchdog } from "./watchdog.js";

/** Characters of standard error that are kept. */
const ERROR_TEXT_MAX = 65_536;

/** Bytes that may wait until a program reads them. One that reads nothing gets no more. */
const INPUT_MAX = 16_777_216;

/** What a program is started with beside what its caller wants. */
export interface RunningOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly bounds: OutputBounds;
  /** All its variables, with the mark. */
  readonly environment: Environment;
  readonly mark: string;
  /** Folders in which nobody but this program's family is. */
  readonly folders: () => readonly string[];
  /** Whether the program is a sandbox, which must not hear a signal before what runs in it. */
  readonly sandboxed: boolean;
}

/** One that runs, and what is to be let go of when it is over. */
export interface RunningProcess extends AgentProcess {
  close(): void;
}

/** Starts a program in a session of its own. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: StartOptions,
  running: RunningOptions,
): RunningProcess {
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(program, args, {
      cwd: options.directory,
      env: { ...running.environment },
      detached: true,
      windowsHide: true,
    });
  } catch (cause) {
    return neverStarted({ kind: "unstartable", message: refusal(program, cause) });
  }
  return child.pid === undefined ? refused(child, program) : follow(child, child.pid, options, running);
}

/** One that could not be started, in the shape of one that has ended. */
export function neverStarted(exit: Exit | Promise<Exit>): RunningProcess {
  return {
    pid: undefined,
    lines: noLines(),
    errorText: () => "",
    onErrorLine: () => undefined,
    write: () => undefined,
    endInput: () => undefined,
    waitsFor: (answer) => answer,
    stop: () => Promise.resolve(),
    exited: Promise.resolve(exit),
    close: () => undefined,
  };
}

/** There is nothing to be read of what never ran. */
async function* noLines(): AsyncGenerator<string, void, undefined> {}

/** The system has not started it, and says why a moment later. */
function refused(child: ChildProcessWithoutNullStreams, program: string): RunningProcess {
  const exit = new Promise<Exit>((resolve) => {
    child.once("error", (cause) => resolve({ kind: "unstartable", message: refusal(program, cause) }));
  });
  return neverStarted(exit);
}

function follow(
  child: ChildProcessWithoutNullStreams,
  pid: number,
  options: StartOptions,
  { redactor, clock, bounds, mark, folders, sandboxed }: RunningOptions,
): RunningProcess {
  const family = createFamily({ leader: pid, mark, folders });
  const forget = endWithThis(pid, mark);
  let stopped: Exit | null = null;
  let ending: Promise<void> | null = null;

  const left = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(code === null ? { kind: "signal", signal: signal ?? "unknown" } : { kind: "code", code }),
    );
  });
  const end = (why: Exit | null): Promise<void> => {
    stopped ??= why;
    return (ending ??= endFamily({ family, clock, spared: sandboxed ? pid : null, ended: left }));
  };

  const heard = (): void => watchdog?.heard();
  const output = readOutput(child.stdout, { redactor, clock, bounds, heard });
  const errors = readOutput(child.stderr, { redactor, clock, bounds, heard });
  const { silentMs, signal } = options;
  const watchdog =
    silentMs === undefined
      ? null
      : createWatchdog(clock, silentMs, output.waits, () => void end({ kind: "hung", silentMs }));

  const kept = keepErrors(errors.lines());
  feed(child, options.input);
  const stop = (): Promise<void> => end({ kind: "stopped" });
  const onAbort = (): void => void stop();
  signal?.addEventListener("abort", onAbort, { once: true });

  /** A program that has ended by itself may have left others behind: those end now. */
  const exited = left.then(async (exit): Promise<Exit> => {
    // What it was stopped for is what it ended by, but for what came before.
    const why = stopped ?? exit;
    watchdog?.close();
    await end(null);
    signal?.removeEventListener("abort", onAbort);
    forget();
    output.over();
    errors.over();
    return why;
  });

  return {
    pid,
    lines: output.lines(),
    errorText: kept.text,
    onErrorLine: kept.listen,
    write: (text) => {
      watchdog?.heard();
      if (child.stdin.writable && child.stdin.writableLength < INPUT_MAX) child.stdin.write(text);
    },
    endInput: () => child.stdin.end(),
    waitsFor: (answer) => watchdog?.waitsFor(answer) ?? answer,
    stop: () =>
      stop()
        .then(() => exited)
        .then(() => undefined),
    exited,
    close: () => {
      output.close();
      errors.close();
    },
  };
}

/** Gives a program what it is to read. One that does not want it closes its end, which is no failure. */
function feed(child: ChildProcessWithoutNullStreams, input: StartOptions["input"]): void {
  child.stdin.on("error", () => undefined);
  if (input !== "open") child.stdin.end(input?.text ?? "");
}

/** Keeps the last of what a program writes to standard error, and tells each line. */
function keepErrors(lines: AsyncIterable<string>): {
  text: () => string;
  listen: (listener: (line: string) => void) => void;
} {
  let last = "";
  const listeners: ((line: string) => void)[] = [];
  const keep = async (): Promise<void> => {
    for await (const line of lines) {
      last +=
        last === ""
          ? line
          : `
${line}`;
      if (last.length > 2 * ERROR_TEXT_MAX) last = last.slice(-ERROR_TEXT_MAX);
      for (const listener of listeners) listener(line);
    }
  };
  void keep();
  return {
    text: () => last.slice(-ERROR_TEXT_MAX),
    listen: (listener) => void listeners.push(listener),
  };
}
