import type { Command } from "commander";

/** Where a command writes: text for people, or JSON for scripts. It is the terminal of `agentvm`, as far as it is used here. */
export interface Terminal {
  readonly colors: {
    readonly bold: (text: string) => string;
    readonly cyan: (text: string) => string;
    readonly dim: (text: string) => string;
    readonly green: (text: string) => string;
    readonly red: (text: string) => string;
    readonly yellow: (text: string) => string;
  };
  /** Writes one line to standard output. */
  readonly line: (text?: string) => void;
  /** Writes one JSON value, on one line, to standard output. */
  readonly json: (value: unknown) => void;
  /** Writes one line to standard error. */
  readonly problem: (text: string) => void;
}

/** What a command gets from the process that runs it. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by ctrl-c, by SIGTERM, and when the output cannot be written any more. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal; left out where nobody is there. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<string>;
}

/** Lets a command do its work, keeps its exit code and tells its failures. */
export type RunCommand = (work: (context: CommandContext) => Promise<number>) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, run: RunCommand) => void;
