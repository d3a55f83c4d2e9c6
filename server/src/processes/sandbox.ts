import type { Environment } from "./environment.js";

/** A program as it is to be started. */
export interface ProgramStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Environment;
}

/** What programs run in, so that they reach no more than they need. */
export interface Sandbox {
  /** What is to be started so that a program runs in it. */
  wrap(start: ProgramStart & { readonly directory: string }): ProgramStart;
}

/** What an agent needs in the home of a person where everything else of that is hidden. Paths are absolute, as they are in the home. */
export interface HomeNeeds {
  /**
   * Folders that it writes, such as its conversations. It has some of its own there, which are kept from task to task: what is in the person's
   * would tell it of other work, and what it wrote in there could run outside of the sandbox later.
   */
  readonly kept: readonly string[];
  /** Files of the person's that it writes, where they are there: its login, which it renews. */
  readonly files: readonly string[];
  /** What of the person's it only reads, where it is there: its settings. */
  readonly read: readonly string[];
}
