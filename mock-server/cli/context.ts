import type { Ask } from "./ask.js";
import type { Terminal } from "./terminal.js";

/** What a command gets from the process that runs it. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by ctrl-c, by SIGTERM, and when the output cannot be written any more. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal; left out where nobody is there. */
  readonly ask?: Ask;
}
