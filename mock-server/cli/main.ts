#!/usr/bin/env node
import { runProgram } from "./program.js";
import { createTerminal } from "./terminal.js";

const stop = new AbortController();

function onSignal(): void {
  // The second time nobody wants to wait any more.
  if (stop.signal.aborted) process.exit(130);
  stop.abort("signal");
}

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
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
process.off("SIGINT", onSignal);
process.off("SIGTERM", onSignal);
