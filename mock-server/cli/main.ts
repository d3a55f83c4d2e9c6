#!/usr/bin/env node
import { runProgram } from "./program.js";
import { createTerminal } from "./terminal.js";

/** Milliseconds in which a second ctrl-c is the first one again: npm and timeout(1) pass on what the terminal sent too. */
const SAME_PRESS = 500;

const stop = new AbortController();
let pressedAt = 0;

process.on("SIGINT", () => {
  // Pressed again, nobody wants to wait any more.
  if (stop.signal.aborted && performance.now() - pressedAt > SAME_PRESS) process.exit(130);
  pressedAt = performance.now();
  stop.abort("signal");
});
// Whoever sends this one twice and cannot wait has SIGKILL.
process.on("SIGTERM", () => stop.abort("signal"));
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read the output is gone (`agentvm demo | head`): there is nobody left to tell anything.
    if (error.code !== "EPIPE") throw error;
    stop.abort("broken_pipe");
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  terminal: createTerminal(process.stdout, process.stderr, process.env),
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
});
