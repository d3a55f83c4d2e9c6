#!/usr/bin/env node
// Nothing is imported before the first line runs: what cannot be loaded has to be told in words, and not by a stack.
try {
  const { runProcess } = await import("./run-process.js");
  await runProcess();
} catch (error) {
  const told = error instanceof Error ? error.message : String(error);
  const tooMany =
    error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
  const what = tooMany
    ? "this process may not open enough files (EMFILE). Raise the limit, as with: ulimit -n 1024"
    : `it could not be started: ${told}`;
  // Whoever cannot be told has the exit code.
  process.stderr.on("error", () => undefined);
  process.stderr.write(`agentvm: ${what}\n`);
  process.exitCode = 1;
}

export {};
