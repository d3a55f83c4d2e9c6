import type { Environment } from "./environment.js";

/** Starts the programs of one task, so that none of them outlives it. */
export interface Processes {
  /**
   * Starts a program in a process group of its own. What cannot be started is told by `exited`, and by nothing else.
   *
   * @param program A path, or a name to be looked for in the PATH of `environment`.
   */
  start(program: string, args: readonly string[], options: StartOptions): AgentProcess;
}

/** How a program is started. */
export interface StartOptions {
  readonly directory: string;
  /** All variables that it gets. */
  readonly environment: Environment;
  /** What it reads from its standard input, which is closed then; `"open"` keeps that open for `write`. Default: nothing. */
  readonly input?: { readonly text: string } | "open";
  /** Stops it, and all that it has started. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a line of output, after which it is taken to hang and is stopped. Default: it may be silent for ever. */
  readonly silentMs?: number;
}

/** A program that runs. Its output is decoded, cut into lines of a bounded length, and free of secrets. */
export interface AgentProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /**
   * Lines of its standard output, in their order, without their ends. To be read once; what is not read holds the program up.
   * A line that is too long comes in pieces.
   */
  readonly lines: AsyncIterable<string>;
  /** The last of what it wrote to standard error, up to 64 kB. */
  errorText(): string;
  /** Calls back with each line of standard error as it comes. */
  onErrorLine(listener: (line: string) => void): void;
  /** Writes to its standard input; does nothing once that is closed. */
  write(text: string): void;
  /** Closes its standard input. */
  endInput(): void;
  /**
   * It waits for somebody else until a promise is settled, such as for the player's answer: its silence counts for nothing meanwhile.
   * Gives the promise back.
   */
  waitsFor<T>(answer: Promise<T>): Promise<T>;
  /** Ends it and all that it has started: INT, TERM, KILL, two seconds apart. Resolves when none of them is left. */
  stop(): Promise<void>;
  /** How it ended, once nothing that it has started is left. It never rejects. */
  readonly exited: Promise<Exit>;
}

/** How a program ended. */
export type Exit =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  /** It could not be started: it is not there, or may not be run. */
  | { readonly kind: "unstartable"; readonly message: string }
  /** It was stopped, since it was silent for too long. */
  | { readonly kind: "hung"; readonly silentMs: number }
  /** It was stopped by its signal or by `stop`. */
  | { readonly kind: "stopped" };
