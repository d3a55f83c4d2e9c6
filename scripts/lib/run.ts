import { spawnSync } from "node:child_process";

/** What a finished command said. */
export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds before it is killed; 5 minutes unless told. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end and answers what it said, whatever its exit code. */
export function run(command: string, args: readonly string[], options: RunOptions): Finished {
  const done = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    timeout: options.timeoutMs ?? 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error !== undefined) throw new Error(`Could not run ${command}: ${done.error.message}`);
  return { status: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
}

/** The same, for a command that must succeed. */
export function mustRun(command: string, args: readonly string[], options: RunOptions): string {
  const done = run(command, args, options);
  if (done.status !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with code ${done.status}:\n${done.stdout}${done.stderr}`,
    );
  }
  return done.stdout;
}
