import { askAtTerminal } from "./ask.js";
import { EXIT } from "./exit-codes.js";
import type { ExitCode } from "./exit-codes.js";
import { runProgram } from "./program.js";
import { createTerminal } from "./terminal.js";

/** Milliseconds in which a second ctrl-c is the first one again: npm and timeout(1) pass on what the terminal sent too. */
const SAME_PRESS = 500;

/** Runs the command of this process to its end, and leaves its exit code. */
export async function runProcess(): Promise<void> {
  const stop = new AbortController();
  stopBySignals(stop);
  const output: { failure: ExitCode | null } = { failure: null };

  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (output.failure !== null) return;
    // Whoever read the output is gone (`agentvm demo | head`): there is nobody left to tell anything.
    const isUnread = error.code === "EPIPE";
    output.failure = isUnread ? EXIT.broken_pipe : EXIT.failed;
    if (!isUnread) {
      process.stderr.write(
        `agentvm: the output cannot be written: ${error.message}. Make room, or send it elsewhere.\n`,
      );
    }
    process.exitCode = output.failure;
    stop.abort(isUnread ? "broken_pipe" : "unwritable");
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    // What cannot be told is lost, and the exit code still says it.
    if (error.code === "EPIPE") stop.abort("broken_pipe");
  });

  const ask = askAtTerminal();
  const code = await runProgram(process.argv.slice(2), {
    terminal: createTerminal(process.stdout, process.stderr, process.env),
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    ...(ask === null ? {} : { ask }),
  });
  process.exitCode = output.failure ?? code;
}

function stopBySignals(stop: AbortController): void {
  let pressedAt = 0;
  process.on("SIGINT", () => {
    // Pressed again, nobody wants to wait any more.
    if (stop.signal.aborted && performance.now() - pressedAt > SAME_PRESS) process.exit(EXIT.interrupted);
    pressedAt = performance.now();
    stop.abort("signal");
  });
  // Whoever sends this one twice and cannot wait has SIGKILL.
  process.on("SIGTERM", () => stop.abort("signal"));
}
