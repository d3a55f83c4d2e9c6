import { createInterface } from "node:readline/promises";

/** Asks the person at the terminal and gives the line that they typed. Rejects when the signal is aborted. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

/** Asks at the terminal of this process; null where nobody sits at it, as in a script or a pipe. */
export function askAtTerminal(): Ask | null {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  return async (question, signal) => {
    // The terminal keeps its own way of reading lines, in which ctrl-c is a signal to this process and no key.
    const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
    try {
      return await lines.question(question, { signal });
    } finally {
      lines.close();
      process.stdin.pause();
    }
  };
}
