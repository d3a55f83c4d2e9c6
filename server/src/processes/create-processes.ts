import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { systemClock } from "oligarchy-agentvm";
import type { Clock } from "oligarchy-agentvm";
import { MARK } from "./family.js";
import { DEFAULT_BOUNDS } from "./output.js";
import type { OutputBounds } from "./output.js";
import type { AgentProcess, Processes } from "./processes.js";
import type { Redactor } from "./redact/redactor.js";
import { neverStarted, startProcess } from "./running.js";
import type { RunningProcess } from "./running.js";
import type { Sandbox } from "./sandbox.js";
import { findProgram, hindrance } from "./unstartable.js";

/** The variable that tells a program which task it works on. */
const TASK = "AGENTVM_TASK";

/** What the programs of one task have in common. */
export interface ProcessesOptions {
  /** The task's id. */
  readonly task: string;
  /** The task's own folders: its worktree, its scratch. Who is found in there in the end, escaped from everything else, is ended too. */
  readonly directories: readonly string[];
  /** Takes secrets out of all output. */
  readonly redactor: Redactor;
  /** What the programs run in. Default: nothing. */
  readonly sandbox?: Sandbox | null;
  /** Default: 64 MiB for each stream of each program, and 16 MiB a second. */
  readonly bounds?: Partial<OutputBounds>;
  readonly clock?: Clock;
}

/** The programs of one task. */
export interface TaskProcesses extends Processes {
  /** Ends all that still run, and starts none any more. */
  close(): Promise<void>;
}

/** Makes what starts the programs of a task. */
export function createProcesses({
  task,
  directories,
  redactor,
  sandbox = null,
  bounds,
  clock = systemClock(),
}: ProcessesOptions): TaskProcesses {
  const folders = directories.map(resolved);
  const family = randomUUID();
  const running = new Set<RunningProcess>();
  let count = 0;
  let closed = false;

  const begin: Processes["start"] = (program, args, options) => {
    if (closed || options.signal?.aborted === true) return neverStarted({ kind: "stopped" });
    const told = args.find((argument) => redactor.finds(argument));
    if (told !== undefined) {
      const message = `${program} was not started: one of its arguments holds a key, and everybody on this machine can see arguments. Give it by a variable of the environment, and name that in the profile.`;
      return neverStarted({ kind: "unstartable", message });
    }
    const hindered = hindrance(program, options.directory, options.environment);
    if (hindered !== null) return neverStarted({ kind: "unstartable", message: hindered });
    const mark = `${family}/${++count}`;
    const path = findProgram(program, options.environment) ?? program;
    const environment = { ...options.environment, [TASK]: task, [MARK]: mark };
    const wrapped = sandbox?.wrap({ program: path, args, directory: options.directory, environment }) ?? {
      program: path,
      args,
      environment,
    };
    const started = startProcess(wrapped.program, wrapped.args, options, {
      redactor,
      clock,
      bounds: { ...DEFAULT_BOUNDS, ...bounds },
      environment: wrapped.environment,
      mark,
      // While others of the task run, who is in its folders may be theirs.
      folders: () => (running.size > 1 ? [] : folders),
      sandboxed: sandbox !== null,
    });
    running.add(started);
    void started.exited.then(() => running.delete(started));
    return started;
  };

  return {
    start: (program, args, options): AgentProcess => begin(program, args, options),
    close: async () => {
      closed = true;
      const all = [...running];
      await Promise.all(all.map((started) => started.stop()));
      for (const started of all) started.close();
    },
  };
}

/** As the kernel names it, which knows no links. */
function resolved(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
